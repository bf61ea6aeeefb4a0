package io.samepage.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The style of the sources of all modules, as far as a machine can tell. */
class StyleTest {
  private static final Path ROOT = Path.of("..");
  private static final int FILE_LINES_MAX = 499;
  private static final int LINE_LENGTH_MAX = 140;
  /** Put together here, so that this file has none of them. */
  private static final Pattern BANNED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

  private static List<Path> modules() {
    return list(ROOT, paths -> paths.filter(path -> Files.isDirectory(path.resolve("src"))));
  }

  private static List<Path> sources() {
    return modules().stream().flatMap(module -> filesUnder(module.resolve("src")).stream())
        .filter(file -> file.toString().matches(".*\\.(java|c|h)")).toList();
  }

  private static List<Path> filesUnder(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> list(Path folder, Function<Stream<Path>, Stream<Path>> filter) {
    try (Stream<Path> paths = Files.list(folder)) {
      return filter.apply(paths).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Not UTF-8, or not readable: " + file, e);
    }
  }

  /** The lines that break a rule, as {@code file:line: why}. */
  private static List<String> offences(Function<String, String> rule) {
    List<String> offences = new ArrayList<>();
    for (Path file : sources()) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        String offence = rule.apply(lines.get(i));
        if (offence != null) {
          offences.add(ROOT.relativize(file) + ":" + (i + 1) + ": " + offence);
        }
      }
    }
    return offences;
  }

  @Test
  void theSourcesAreFound() {
    assertThat(modules()).extracting(module -> module.getFileName().toString())
        .contains("core", "opencl-backend", "cuda-backend", "samples");
    assertThat(sources()).hasSizeGreaterThan(150).anyMatch(file -> file.endsWith("UnifiedMemory.java"))
        .anyMatch(file -> file.endsWith("StyleTest.java")).anyMatch(file -> file.endsWith("samepage.h"));
  }

  @Test
  void filesAreShort() {
    assertThat(sources()).filteredOn(file -> lines(file).size() > FILE_LINES_MAX).isEmpty();
  }

  @Test
  void linesAreShort() {
    assertThat(offences(line -> line.length() > LINE_LENGTH_MAX ? "length=" + line.length() : null)).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    assertThat(offences(line -> BANNED.matcher(line).find() ? line.strip() : null)).isEmpty();
  }

  @Test
  void linesAreIndentedBySpacesAndEndWithoutAny() {
    assertThat(offences(line -> line.indexOf('\t') >= 0 || line.endsWith(" ") ? "tab, or space at the end" : null)).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItOwns() {
    List<Path> packages = sources().stream().filter(file -> file.toString().contains("src/main/java"))
        .filter(file -> !file.endsWith("module-info.java")).map(Path::getParent).distinct().toList();
    assertThat(packages).hasSizeGreaterThan(7).allMatch(folder -> Files.exists(folder.resolve("package-info.java")));
  }
}
