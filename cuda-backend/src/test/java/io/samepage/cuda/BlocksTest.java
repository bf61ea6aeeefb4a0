package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.samepage.Grid;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How grids are divided into blocks. */
class BlocksTest {
  private static final FoundDevice.Limits LIMITS =
      new FoundDevice.Limits(List.of(Integer.MAX_VALUE, 65_535, 65_535), List.of(1024, 1024, 64), 1024, 48 << 10);

  private static Blocks blocks(Grid grid) {
    return Blocks.of(grid, LIMITS, 1024);
  }

  private static void check(Grid grid, int mostThreads) {
    Blocks.of(grid, LIMITS, mostThreads).check("device=cuda:0", "kernel", LIMITS, mostThreads);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 7", "256, 256", "257, 1", "512, 256", "1000, 250", "1048576, 256", "1021, 1"})
  void whereNoGroupSizeIsGivenBlocksAreTheLargestThatDivideTheGrid(long items, int threads) {
    assertThat(blocks(Grid.of(items)).threads(0)).isEqualTo(threads);
    assertThat(blocks(Grid.of(items)).count(0)).isEqualTo((int) (items / threads));
  }

  @Test
  void blocksOfSeveralDimensionsShareTheThreads() {
    assertThat(blocks(Grid.of(30, 7, 5))).hasToString("1x1x5 of 30x7x1");
    assertThat(blocks(Grid.of(512, 512))).hasToString("2x512x1 of 256x1x1");
  }

  @Test
  void givenGroupsAreRoundedUp() {
    assertThat(blocks(Grid.of(1000).local(64))).hasToString("16x1x1 of 64x1x1");
    assertThat(blocks(Grid.of(33, 33).local(16, 16))).hasToString("3x3x1 of 16x16x1");
  }

  @Test
  void whatTheDeviceCannotRunIsRefusedWithItsLimit() {
    assertThatIllegalArgumentException().isThrownBy(() -> check(Grid.of(4096).local(2048), 1024)).withMessageContaining("limit=1024");
    assertThatIllegalArgumentException().isThrownBy(() -> check(Grid.of(64, 64).local(64, 32), 1024)).withMessageContaining("items=2048");
    assertThatIllegalArgumentException().isThrownBy(() -> check(Grid.of(256).local(256), 128)).withMessageContaining("limit=128");
    assertThatIllegalArgumentException().isThrownBy(() -> check(Grid.of(1, 65_537), 1024)).withMessageContaining("limit=65535");
    assertThatIllegalArgumentException().isThrownBy(() -> check(Grid.of(Long.MAX_VALUE).local(64), 1024))
        .withMessageContaining("kernel=kernel");
    check(Grid.of(1L << 38).local(1024), 1024);
  }
}
