package io.samepage.node;

import io.samepage.DeviceInfo;

/**
 * A device to be opened.
 *
 * @param device which one
 * @param budgetBytes how much of its memory may be used
 */
public record DeviceRequest(DeviceInfo device, long budgetBytes) {}
