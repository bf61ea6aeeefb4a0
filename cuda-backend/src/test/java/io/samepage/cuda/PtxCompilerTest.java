package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All PTX of all modules goes through NVIDIA's own compiler, which JCuda brings along and which needs neither a GPU nor a driver. */
class PtxCompilerTest {
  private static final List<String> TARGETS = List.of("sm_75", "sm_80", "sm_90");

  /**
   * What the compiler made of a program.
   *
   * @param code how it ended
   * @param log what it said of mistakes
   * @param sizeBytes the size of the machine code
   */
  private record Compiled(int code, String log, long sizeBytes) {}

  /** In the modules' sources alone: where things are built files come and go. */
  static List<Path> programs() throws IOException {
    List<Path> programs = new ArrayList<>();
    for (Path sources : sources()) {
      try (Stream<Path> files = Files.walk(sources)) {
        files.filter(file -> file.toString().endsWith(".ptx")).sorted().forEach(programs::add);
      }
    }
    return programs;
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      return modules.map(module -> module.resolve("src")).filter(Files::isDirectory).sorted().toList();
    }
  }

  @Test
  void thereArePrograms() throws IOException {
    assertThat(programs()).extracting(file -> file.getFileName().toString())
        .contains("TestKernels.ptx", "ArgumentKernels.ptx", "GridKernels.ptx", "FailingKernels.ptx", "pipeline.ptx", "network.ptx",
            "pages.ptx");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyProgramCompilesForEveryTarget(Path program) throws IOException {
    String text = Files.readString(program);
    assertThat(PtxText.kernels(text)).isNotEmpty();
    for (String target : TARGETS) {
      Compiled compiled = compile(text, target);
      assertThat(compiled.code()).as("%s for %s: %s", program, target, compiled.log()).isEqualTo(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS);
      assertThat(compiled.sizeBytes()).isPositive();
    }
  }

  @Test
  void theCompilerFindsMistakes() {
    Compiled compiled = compile(".version 7.0\n.target sm_75\n.address_size 64\n.visible .entry broken()\n{\n  no.such.instruction;\n}\n",
        "sm_80");
    assertThat(compiled.code()).isNotEqualTo(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS);
    assertThat(compiled.log()).contains("line 6");
  }

  private static Compiled compile(String text, String target) {
    byte[] bytes = (text + "\0").getBytes(StandardCharsets.UTF_8);
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    assertThat(JNvPTXCompiler.nvPTXCompilerCreate(compiler, bytes.length, bytes)).isEqualTo(nvPTXCompileResult.NVPTXCOMPILE_SUCCESS);
    try {
      int code = JNvPTXCompiler.nvPTXCompilerCompile(compiler, 1, new String[] {"--gpu-name=" + target});
      long[] size = new long[1];
      JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
      byte[] log = new byte[(int) size[0] + 1];
      JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
      long[] codeSize = new long[1];
      JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(compiler, codeSize);
      return new Compiled(code, new String(log, StandardCharsets.UTF_8).strip(), codeSize[0]);
    } finally {
      JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
    }
  }
}
