package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameters as the compiler describes them. */
class ParameterReaderTest {
  private OpenClNode node;

  @BeforeEach
  void open() {
    node = Devices.open();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private List<KernelParameter> parameters(String declarations, String parameters) {
    String text = declarations + "\n__kernel void k(" + parameters + ") { }";
    return node.kernel(KernelSource.builder().openClC(text).build(), "k").parameters();
  }

  private static KernelParameter buffer(String name, Access access, int elementSizeBytes) {
    return new KernelParameter.Buffer(name, Optional.ofNullable(access), elementSizeBytes);
  }

  @Test
  void pointersAreBuffersAndConstOnesAreRead() {
    assertThat(parameters("", "__global float* a, __global const float4* b, __constant short* c, __global const uchar* restrict d"))
        .containsExactly(buffer("a", null, 4), buffer("b", Access.READ, 16), buffer("c", Access.READ, 2), buffer("d", Access.READ, 1));
  }

  @Test
  void scalarsAreValuesOfTheTypeOfThatSize() {
    assertThat(parameters("", "char a, uchar b, short c, ushort d, int e, unsigned int f, long g, ulong h, float i, double j"))
        .extracting(parameter -> ((KernelParameter.Value) parameter).type().getName())
        .containsExactly("byte", "byte", "short", "short", "int", "int", "long", "long", "float", "double");
  }

  @Test
  void othersAreUnsupportedAndKeepTheirType() {
    assertThat(parameters("typedef struct { int x; } pair;", "float4 a, __local int* b, __global pair* c, read_only image2d_t d"))
        .containsExactly(new KernelParameter.Unsupported("a", "float4"), new KernelParameter.Unsupported("b", "__local int*"),
            buffer("c", null, 1), new KernelParameter.Unsupported("d", "image2d_t"));
  }

  @Test
  void aKernelWithoutParametersHasNone() {
    assertThat(parameters("", "")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"char, 1", "uchar16, 16", "short, 2", "half2, 4", "int3, 16", "uint8, 32", "unsigned long, 8", "double16, 128", "pair, 1",
      "pair2, 1", "float5, 1", "struct pair, 1"})
  void elementSizesAreThoseOfOpenClC(String type, int sizeBytes) {
    assertThat(ParameterReader.elementSizeBytes(type)).isEqualTo(sizeBytes);
  }

  @Test
  void aDriverThatDescribesNothingIsToldByName() {
    FoundDevice device = Devices.found();
    ClPrograms calls = new ClPrograms(device.subject());
    long program = calls.createProgram(node.context().handle(), "__kernel void k(int a) { }");
    assertThat(calls.buildProgram(program, device.id(), "")).as("built without argument info").isZero();
    long kernel = calls.createKernel(program, "k");
    assertThatThrownBy(() -> ParameterReader.read(device.subject(), kernel)).isInstanceOf(KernelBuildException.class)
        .hasMessageContainingAll("CL_KERNEL_ARG_INFO_NOT_AVAILABLE (-19)", device.info().name());
    calls.releaseKernel(kernel);
    calls.releaseProgram(program);
  }
}
