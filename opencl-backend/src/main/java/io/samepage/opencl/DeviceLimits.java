package io.samepage.opencl;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;

/**
 * What a device can do.
 *
 * @param maxAllocationBytes the largest buffer
 * @param alignmentBytes what the offset of a sub-buffer is a multiple of
 * @param maxGroupItems work items of a group, in all
 * @param maxGroupSizes work items of a group, in each dimension
 * @param localBytes local memory of a group
 * @param addressBits the size of a pointer and of a work item's number
 * @param languageVersion the newest OpenCL C that its compiler takes: {@code 1.2}
 */
record DeviceLimits(long maxAllocationBytes, long alignmentBytes, long maxGroupItems, List<Long> maxGroupSizes, long localBytes,
    int addressBits, String languageVersion) {
  private static final Pattern LANGUAGE = Pattern.compile("OpenCL C (\\d+\\.\\d+)");

  static DeviceLimits of(ClInfo device) {
    long alignmentBits = Integer.toUnsignedLong(device.intValue(CL10.CL_DEVICE_MEM_BASE_ADDR_ALIGN));
    Matcher language = LANGUAGE.matcher(device.string(CL11.CL_DEVICE_OPENCL_C_VERSION));
    List<Long> groupSizes = Arrays.stream(device.sizes(CL10.CL_DEVICE_MAX_WORK_ITEM_SIZES)).boxed().toList();
    return new DeviceLimits(device.longValue(CL10.CL_DEVICE_MAX_MEM_ALLOC_SIZE), Math.max(1, alignmentBits / Byte.SIZE),
        device.sizes(CL10.CL_DEVICE_MAX_WORK_GROUP_SIZE)[0], groupSizes,
        device.longValue(CL10.CL_DEVICE_LOCAL_MEM_SIZE), device.intValue(CL10.CL_DEVICE_ADDRESS_BITS),
        language.find() ? language.group(1) : "1.2");
  }
}
