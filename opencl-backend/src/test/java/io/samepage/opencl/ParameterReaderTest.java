package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
    return new KernelParameter.Buffer(name, Optional.ofNullable(access), Optional.of(access == null ? Access.READ_WRITE : access),
        elementSizeBytes);
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
  void pointersToLocalMemoryAreLocal() {
    assertThat(parameters("", "__local int* a, __local double2* b")).containsExactly(KernelParameter.local("a", 4),
        KernelParameter.local("b", 16));
  }

  @Test
  void vectorsAndStructsGoByValueAndHaveTheCompilersSize() {
    String pair = "typedef struct { long x; char y; } pair; typedef struct __attribute__((packed)) { long x; char y; } tight;";
    assertThat(parameters(pair + "struct big { int a[200]; };", "float4 a, pair b, tight c, struct big d, uchar2 e, int3 f"))
        .containsExactly(new KernelParameter.Struct("a", "float4", 16), new KernelParameter.Struct("b", "pair", 16),
            new KernelParameter.Struct("c", "tight", 9), new KernelParameter.Struct("d", "struct big", 800),
            new KernelParameter.Struct("e", "uchar2", 2), new KernelParameter.Struct("f", "int3", 16));
  }

  @Test
  void otherNamesOfScalarsAreValues() {
    assertThat(parameters("typedef float real; typedef double wide; typedef ushort mark; enum colour { RED, GREEN }; typedef float4 quad;",
        "real a, wide b, mark c, enum colour d, quad e"))
        .containsExactly(KernelParameter.value("a", float.class), KernelParameter.value("b", double.class),
            KernelParameter.value("c", short.class), KernelParameter.value("d", int.class), new KernelParameter.Struct("e", "quad", 16));
  }

  @Test
  void aCompilerThatDoesntTakeTheQuestionLeavesSizesUnknown() {
    // The question stands behind an open comment here.
    String text = "typedef struct { int x; } pair; __kernel void k(pair a, real b) { } /*";
    TypeProbe probe = new TypeProbe(Devices.found(), node.context(), text);
    assertThat(probe.ask(new LinkedHashSet<>(List.of("pair", "real")))).isEqualTo(Map.of("pair", TypeProbe.Facts.UNKNOWN, "real",
        TypeProbe.Facts.UNKNOWN));
  }

  @Test
  void imagesAndSamplersAreUnsupportedAndKeepTheirType() {
    assertThat(parameters("typedef struct { int x; } pair;", "__global pair* c, read_only image2d_t d, sampler_t e"))
        .containsExactly(buffer("c", null, 1), new KernelParameter.Unsupported("d", "image2d_t"),
            new KernelParameter.Unsupported("e", "sampler_t"));
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
    assertThatThrownBy(() -> ParameterReader.read(device.subject(), kernel, types -> Map.of())).isInstanceOf(KernelBuildException.class)
        .hasMessageContainingAll("CL_KERNEL_ARG_INFO_NOT_AVAILABLE (-19)", device.info().name());
    calls.releaseKernel(kernel);
    calls.releaseProgram(program);
  }
}
