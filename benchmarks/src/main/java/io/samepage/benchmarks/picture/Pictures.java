package io.samepage.benchmarks.picture;

import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Pictures of results, as PNG. */
public final class Pictures {
  private static final int WIDTH = 1300;
  private static final int HEIGHT = 600;
  private static final int PEER_HEIGHT = 60;

  private final Path folder;
  private final Results results;
  private final List<String> lines = new ArrayList<>();

  private Pictures(Path folder, Results results) {
    this.folder = folder;
    this.results = results;
  }

  /**
   * Draws all pictures for which there are figures.
   *
   * @param folder where
   * @param results what to draw
   * @return a line for each picture: which file it is, or what measures what it lacks
   * @throws IOException if a file can't be written
   */
  public static List<String> write(Path folder, Results results) throws IOException {
    Pictures pictures = new Pictures(folder, results);
    List<Row> rows = results.rows();
    pictures.stages("stage-bytes", "What the pipeline moves", "MiB", PictureData.stageBytes(rows));
    pictures.stages("stage-times", "What the pipeline takes", "ms", PictureData.stageTimes(rows));
    pictures.peers(PictureData.peers(rows));
    pictures.faults(PictureData.faults(rows));
    pictures.sizes(PictureData.sizes(rows));
    return pictures.lines;
  }

  private void stages(String name, String title, String unit, List<Bars> bars) throws IOException {
    if (isMissing(name, bars, "PipelineOutsideKernels")) {
      return;
    }
    CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle("stage, all rounds")
        .yAxisTitle(unit).build();
    chart.getStyler().setLabelsVisible(false).setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setSeriesColors(colors(bars.size()));
    bars.forEach(some -> chart.addSeries(some.name(), some.labels(), some.values()));
    save(name, chart);
  }

  /** One for each, where the default ones would begin again. */
  private static Color[] colors(int count) {
    return IntStream.range(0, count).mapToObj(i -> Color.getHSBColor((float) i / count, 0.8f, i % 2 == 0 ? 0.9f : 0.6f))
        .toArray(Color[]::new);
  }

  private void peers(List<Bars> bars) throws IOException {
    String name = "pipeline-peers";
    if (isMissing(name, bars, "PipelineOutsideKernels")) {
      return;
    }
    int height = 200 + PEER_HEIGHT * bars.getFirst().labels().size();
    HorizontalBarChart chart = new HorizontalBarChartBuilder().width(WIDTH).height(height).title("The pipeline beside others")
        .xAxisTitle("ms").build();
    chart.getStyler().setXAxisMaxLabelCount(bars.getFirst().labels().size()).setLegendPosition(LegendPosition.OutsideS);
    bars.forEach(some -> chart.addSeries(some.name(), some.values().reversed(), some.labels().reversed()));
    save(name, chart);
  }

  private void faults(List<Curve> curves) throws IOException {
    curves("fault-latency", "How long a touch takes that faults", "µs", "% of the touches", curves, "FaultLatency", false);
  }

  private void sizes(List<Curve> curves) throws IOException {
    curves("sizes", "A changed page and a launch, by the size of the range", "MiB", "µs", curves, "--sizes", true);
  }

  private void curves(String name, String title, String x, String y, List<Curve> curves, String command, boolean isLogarithmic)
      throws IOException {
    if (isMissing(name, curves, command)) {
      return;
    }
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(x).yAxisTitle(y).build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(isLogarithmic).setLegendPosition(LegendPosition.OutsideS);
    curves.forEach(curve -> chart.addSeries(curve.name(), curve.x(), curve.y()));
    save(name, chart);
  }

  private boolean isMissing(String name, List<?> data, String command) {
    if (data.isEmpty()) {
      lines.add("left out: " + name + ", there are no figures: ./bench --write " + command + " makes them");
    }
    return data.isEmpty();
  }

  private void save(String name, IChart chart) throws IOException {
    Path file = folder.resolve(results.date() + "-" + results.machine().kind() + "-" + name + ".png");
    ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    lines.add("written: " + file);
  }
}
