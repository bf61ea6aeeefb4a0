package io.samepage.benchmarks.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Rows;
import io.samepage.benchmarks.result.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
  private static final Map<String, Double> COUNTS = Map.ofEntries(Map.entry("fillBytes", 0.0), Map.entry("changeRowBytes", 0.0),
      Map.entry("multiplyScaleBytes", 2097152.0), Map.entry("gramDiagonalBytes", 1048576.0), Map.entry("leastBytes", 3145728.0),
      Map.entry("everyArgumentBytes", 16777216.0), Map.entry("fillNanos", 1e6), Map.entry("changeRowNanos", 2e6),
      Map.entry("multiplyScaleNanos", 3e6), Map.entry("gramDiagonalNanos", 4e6), Map.entry("wholeNanos", 11e6),
      Map.entry("kernelNanos", 5e6), Map.entry("movedBytes", 3145728.0));
  private static final Row STAGES = row("pipeline of 512 × 512 outside kernels, beside JOCL", true, Map.of(),
      Map.of("Samepage", COUNTS, "JOCL", Map.of("fillBytes", 1048576.0, "changeRowBytes", 0.0, "multiplyScaleBytes", 0.0,
          "gramDiagonalBytes", 0.0, "fillNanos", 5e6, "changeRowNanos", 0.0, "multiplyScaleNanos", 0.0, "gramDiagonalNanos", 0.0,
          "wholeNanos", 5e6)), Map.of());
  private static final Row PEER = row("pipeline of 512 × 512 outside kernels, under leases", true, Map.of(), Map.of(), Map.of());
  private static final Row FAULT = row("fault on a single page of OpenCL, back to back", true, Map.of(), Map.of(),
      Map.of(8000L, 1L, 16_000L, 3L));

  private static Row row(String title, boolean hasOther, Map<String, String> parameters, Map<String, Map<String, Double>> counts,
      Map<Long, Long> histogram) {
    Optional<Spread> baseline = hasOther ? Optional.of(new Spread(1e6, 2e6, 3e6)) : Optional.empty();
    return new Row(title, "./bench", "2026-11-21", baseline, "–", Optional.empty(), Goal.NANOS, new Spread(2e6, 4e6, 6e6), baseline,
        baseline, Optional.empty(), 3, Optional.empty(), parameters, counts, histogram, histogram);
  }

  private static Row bySize(int sizeMib) {
    return row("a changed page and a launch on a range of " + sizeMib + " MiB", true, Map.of("rangeMib", "" + sizeMib), Map.of(), Map.of());
  }

  @TempDir
  private Path folder;

  @Test
  void stagesHaveTheirBytesByWhoeverRunsThemAndTheTotalStandsBesideTheLeastAndTheMost() {
    List<Bars> bars = PictureData.stageBytes(List.of(PEER, STAGES));

    assertThat(bars).extracting(Bars::name).containsExactly("JOCL", "Samepage", "the least", "every argument at every launch");
    assertThat(bars.getFirst().labels()).containsExactly("fill", "change row", "multiply, scale", "gram, diagonal", "total");
    assertThat(bars.getFirst().values()).containsExactly(1.0, 0.0, 0.0, 0.0, 1.0);
    assertThat(bars.get(1).values()).containsExactly(0.0, 0.0, 2.0, 1.0, 3.0);
    assertThat(bars.get(2).values().getLast()).isEqualTo(3.0);
    assertThat(bars.get(3).values().getLast()).isEqualTo(16.0);
  }

  @Test
  void stagesHaveTheirTimesByWhoeverRunsThem() {
    List<Bars> bars = PictureData.stageTimes(List.of(STAGES));

    assertThat(bars.getFirst().values()).containsExactly(5.0, 0.0, 0.0, 0.0, 5.0);
    assertThat(bars.getLast().values()).containsExactly(1.0, 2.0, 3.0, 4.0, 10.0);
  }

  @Test
  void thePipelineStandsBesideEachOfTheOthers() {
    List<Bars> bars = PictureData.peers(List.of(PEER));

    assertThat(bars).containsExactly(new Bars("Samepage", List.of("512 × 512 outside kernels, under leases"), List.of(4.0)),
        new Bars("the other side", List.of("512 × 512 outside kernels, under leases"), List.of(2.0)));
  }

  @Test
  void touchesAreSharesOfAll() {
    List<Curve> curves = PictureData.faults(List.of(PEER, FAULT));

    assertThat(curves).containsExactly(new Curve(FAULT.title(), List.of(8.0, 16.0), List.of(25.0, 75.0)),
        new Curve("a blocking read of a page by OpenCL", List.of(8.0, 16.0), List.of(25.0, 75.0)));
  }

  @Test
  void sizesAreInTheirOrder() {
    List<Curve> curves = PictureData.sizes(List.of(bySize(512), bySize(8), bySize(64)));

    assertThat(curves).extracting(Curve::name).containsExactly("Samepage", "copying every argument");
    assertThat(curves.getFirst().x()).containsExactly(8.0, 64.0, 512.0);
    assertThat(curves.getFirst().y()).containsOnly(4000.0);
    assertThat(curves.getLast().y()).containsOnly(2000.0);
  }

  @Test
  void everyPictureForWhichThereAreFiguresIsAPng() throws IOException {
    Results results = Rows.results("2026-11-21", STAGES, PEER, FAULT, bySize(1), bySize(8));

    List<String> lines = Pictures.write(folder, results);

    assertThat(lines).hasSize(5).allMatch(line -> line.startsWith("written: ") && line.endsWith(".png"));
    assertThat(folder).isDirectoryContaining("glob:**/2026-11-21-opencl-cpu-amd64-2-cores-stage-bytes.png");
    for (String line : lines) {
      byte[] picture = Files.readAllBytes(Path.of(line.substring("written: ".length())));
      assertThat(picture).startsWith(0x89, 'P', 'N', 'G').hasSizeGreaterThan(2_000);
    }
  }

  @Test
  void whatHasNoFiguresIsLeftOutAndSaidHowToMakeThem() throws IOException {
    List<String> lines = Pictures.write(folder, Rows.results("2026-11-21", Rows.pair("bulk", 1)));

    assertThat(lines).hasSize(5).allMatch(line -> line.startsWith("left out: ") && line.contains("./bench --write "));
    assertThat(folder).isEmptyDirectory();
  }
}
