package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowBlockTest {
  @ParameterizedTest
  @CsvSource({"1,1,1", "1,1,3", "5,3,2", "512,512,2", "1000,64,3", "4096,64,4", "5000,100,7"})
  void blocksCoverAllRowsOnceInOrder(int rows, int columns, int devices) {
    List<RowBlock> blocks = RowBlock.split(new PipelineShape(rows, 1, columns, 1, 1), devices, 4096);

    int next = 0;
    for (RowBlock block : blocks) {
      assertThat(block.first()).isEqualTo(next);
      assertThat(block.count()).isPositive();
      next += block.count();
    }
    assertThat(next).isEqualTo(rows);
    assertThat(blocks).hasSize(Math.min(rows, devices));
  }

  @Test
  void blocksBeginOnPagesOfCAndDWhereThereAreRowsEnough() {
    // A row of C is 400 bytes: every 256th begins on a page. A row of D is 20,000 bytes: every 128th does.
    List<RowBlock> blocks = RowBlock.split(new PipelineShape(5000, 7, 100, 1, 1), 3, 4096);

    assertThat(blocks).allSatisfy(block -> assertThat(block.first() % 256).isZero());
    assertThat(blocks).allSatisfy(block -> assertThat(block.count()).isBetween(5000 / 3 - 256, 5000 / 3 + 2 * 256));
  }

  @Test
  void fewRowsAreSplitEvenlyThoughBlocksShareAPage() {
    assertThat(RowBlock.split(new PipelineShape(10, 1, 1, 1, 1), 2, 4096)).containsExactly(new RowBlock(0, 5), new RowBlock(5, 5));
  }
}
