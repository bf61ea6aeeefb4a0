package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.Grid;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.ArgumentKernels;
import io.samepage.testkit.TestKernels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What PTX says of its kernels' parameters, alone and beside a Java form. */
class PtxTextTest {
  private static KernelSource withoutJava(KernelSource source) {
    return KernelSource.builder().ptx(source.ptx().orElseThrow()).build();
  }

  private static List<KernelParameter> described(String kernel) {
    return PtxText.kernels(ArgumentKernels.SOURCE.ptx().orElseThrow()).get(kernel).stream().map(PtxParameter::described).toList();
  }

  @Test
  void aPointerIsMemoryOfWhichLaunchesMustSayWhatIsDone() {
    assertThat(described("scale")).containsExactly(KernelParameter.declared("scale_param_0", 1),
        KernelParameter.declared("scale_param_1", 1), KernelParameter.value("scale_param_2", float.class));
  }

  @Test
  void valuesHaveTheirSizesAndALongIsNoPointer() {
    assertThat(described("pack").subList(1, 7)).extracting(parameter -> ((KernelParameter.Value) parameter).type())
        .isEqualTo(List.of(byte.class, short.class, int.class, long.class, float.class, double.class));
  }

  @Test
  void structsAndVectorsAreBytes() {
    assertThat(described("apply").get(2)).isEqualTo(new KernelParameter.Struct("apply_param_2", ".b8[12]", 12));
    assertThat(described("weigh").get(1)).isEqualTo(new KernelParameter.Struct("weigh_param_1", ".b8[16]", 16));
  }

  @Test
  void kernelsOfAllSpellingsAreFound() {
    Map<String, List<PtxParameter>> kernels = PtxText.kernels("""
        .version 7.0 // .entry not_this(.param .u64 a)
        /* .entry nor_that() */
        .entry bare
        { ret; }
        .visible .entry $none$() { ret; }
        .visible .entry pointed( .param .u64 .ptr .global .align 16 a ,.param .align 8 .b8 pair[ 16 ], .param .s32 n) .maxntid 256, 1, 1
        { ret; }
        """);
    assertThat(kernels).containsOnlyKeys("bare", "$none$", "pointed");
    assertThat(kernels.get("bare")).isEmpty();
    assertThat(kernels.get("$none$")).isEmpty();
    assertThat(kernels.get("pointed")).containsExactly(new PtxParameter("a", "u64", 8, false, true),
        new PtxParameter("pair", "b8", 16, true, false), new PtxParameter("n", "s32", 4, false, false));
  }

  @Test
  void aKernelOfPtxAloneRunsWhereLaunchesDeclareWhatItDoes() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0").open()) {
      UnifiedRange range = memory.allocate(4096);
      var fill = memory.devices().getFirst().kernel(withoutJava(TestKernels.SOURCE), "fill");
      fill.launch(Grid.of(1024), Argument.out(range), 7).await();
      assertThatThrownBy(() -> fill.launch(Grid.of(1024), range, 7)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("fill_param_0");
      range.close();
    }
  }

  @Test
  void formsThatTakeDifferentArgumentsAreRefused() {
    KernelSource fewer = source(List.of(KernelParameter.out("a", 4)));
    KernelSource otherSize = source(List.of(KernelParameter.out("a", 4), KernelParameter.value("value", long.class)));
    KernelSource otherKind = source(List.of(KernelParameter.out("a", 4), KernelParameter.value("value", float.class)));
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0").open()) {
      for (KernelSource source : List.of(fewer, otherSize, otherKind)) {
        assertThatThrownBy(() -> memory.devices().getFirst().kernel(source, "fill")).isInstanceOf(KernelBuildException.class)
            .hasMessageContaining("different arguments").hasMessageContaining("ptx=[.u64, .u32]");
      }
    }
  }

  private static KernelSource source(List<KernelParameter> parameters) {
    return KernelSource.builder().ptx(TestKernels.SOURCE.ptx().orElseThrow()).java("fill", parameters, (group, arguments) -> { }).build();
  }

  @Test
  void whatTheJavaFormSaysIsSaid() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0").open()) {
      KernelParameter first = memory.devices().getFirst().kernel(TestKernels.SOURCE, "fill").parameters().getFirst();
      assertThat(((KernelParameter.Buffer) first).access()).isEqualTo(Optional.of(Access.WRITE));
    }
  }
}
