package io.samepage.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of its own, watched from outside: one whose threads wait in page faults can't dump itself. A wait that takes too long dumps what
 * the system knows of its threads, kills it and fails. Used by one thread.
 */
public final class ChildJvm implements AutoCloseable {
  /** Said by the reader once there is nothing more to read. */
  private static final String END = "\0";
  private static final Duration DUMP_TIME = Duration.ofSeconds(10);

  /**
   * How to start one.
   *
   * @param main its main class
   * @param folder where its output is kept, and where it works, in {@code work}
   * @param launcher what to start the JVM through; empty for nothing
   * @param java the {@code java} program
   * @param classPath its class path
   * @param jvmArguments arguments for the JVM
   * @param environment what its environment has besides
   * @param arguments arguments for the main class
   */
  public record Command(Class<?> main, Path folder, List<String> launcher, String java, String classPath, List<String> jvmArguments,
      Map<String, String> environment, List<String> arguments) {

    /**
     * Starts a main class as this JVM was started: with the same class path, assertions on, access to native code.
     *
     * @param main its main class
     * @param folder where its output is kept and where it works
     * @return the command
     */
    public static Command of(Class<?> main, Path folder) {
      return new Command(main, folder, List.of(), ProcessHandle.current().info().command().orElseThrow(),
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
          List.of("-ea", "--enable-native-access=ALL-UNNAMED", "-Dorg.lwjgl.system.memoryBackend=ffm", "-XX:-CreateCoredumpOnCrash"),
          Map.of(), List.of());
    }

    public Command through(String... words) {
      return new Command(main, folder, List.of(words), java, classPath, jvmArguments, environment, arguments);
    }

    public Command withClassPath(String path) {
      return new Command(main, folder, launcher, java, path, jvmArguments, environment, arguments);
    }

    public Command withJvm(String... more) {
      List<String> all = Stream.concat(jvmArguments.stream(), Stream.of(more)).toList();
      return new Command(main, folder, launcher, java, classPath, all, environment, arguments);
    }

    public Command withEnvironment(Map<String, String> more) {
      return new Command(main, folder, launcher, java, classPath, jvmArguments, Map.copyOf(more), arguments);
    }

    public Command with(String... mainArguments) {
      return new Command(main, folder, launcher, java, classPath, jvmArguments, environment, List.of(mainArguments));
    }

    /** {@return the folder it works in, where a crash would leave its report} */
    public Path work() {
      return folder.resolve("work");
    }

    /** {@return the folder that it takes for that of temporary files} */
    public Path temporary() {
      return folder.resolve("tmp");
    }

    private List<String> words() {
      List<String> words = new ArrayList<>(launcher);
      words.addAll(List.of(java, "-Djava.io.tmpdir=" + temporary()));
      words.addAll(jvmArguments);
      words.addAll(List.of("-cp", classPath, main.getName()));
      words.addAll(arguments);
      return words;
    }

    /** {@return the child, started} */
    public ChildJvm start() throws IOException {
      Files.createDirectories(work());
      Files.createDirectories(temporary());
      ProcessBuilder builder = new ProcessBuilder(words()).directory(work().toFile()).redirectError(folder.resolve("err").toFile());
      builder.environment().put("TMPDIR", temporary().toString());
      builder.environment().putAll(environment);
      return new ChildJvm(this, builder.start());
    }

    /**
     * Runs it to its end.
     *
     * @param silence how long it may print nothing
     * @return how it ended
     */
    public Result run(Duration silence) throws IOException, InterruptedException {
      try (ChildJvm child = start()) {
        return child.awaitEnd(silence);
      }
    }
  }

  /**
   * How a child ended.
   *
   * @param exitCode its exit code
   * @param out what it printed
   * @param err what it printed as errors
   */
  public record Result(int exitCode, List<String> out, String err) {}

  private final Command command;
  private final Process process;
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final List<String> out = new ArrayList<>();
  private boolean isAtEnd;

  private ChildJvm(Command command, Process process) {
    this.command = command;
    this.process = process;
    Thread.ofPlatform().daemon().name("reader of " + process.pid()).start(this::read);
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        unread.add(line);
      }
    } catch (IOException e) {
      unread.add("The output could not be read: " + e);
    } finally {
      unread.add(END);
    }
  }

  /** {@return the number of its process} */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until it has printed a line.
   *
   * @param prefix what the line begins with
   * @param silence how long it may print nothing
   * @return the line
   */
  public String awaitLine(String prefix, Duration silence) throws InterruptedException {
    for (String line = next(silence); line != null; line = next(silence)) {
      if (line.startsWith(prefix)) {
        return line;
      }
    }
    throw new AssertionError("The child ended before it printed \"" + prefix + "\": " + result());
  }

  /** The next line; null at the end. */
  private String next(Duration silence) throws InterruptedException {
    if (isAtEnd) {
      return null;
    }
    String line = unread.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw hang("printed nothing for " + silence);
    }
    isAtEnd = line.equals(END);
    if (isAtEnd) {
      return null;
    }
    out.add(line);
    return line;
  }

  /**
   * Waits until it has ended.
   *
   * @param silence how long it may print nothing
   * @return how it ended
   */
  public Result awaitEnd(Duration silence) throws InterruptedException {
    while (next(silence) != null) {
      // The lines are kept.
    }
    if (!process.waitFor(silence.toMillis(), TimeUnit.MILLISECONDS)) {
      throw hang("did not end within " + silence);
    }
    return result();
  }

  private Result result() throws InterruptedException {
    process.waitFor(DUMP_TIME.toMillis(), TimeUnit.MILLISECONDS);
    return new Result(process.isAlive() ? -1 : process.exitValue(), List.copyOf(out), err());
  }

  private String err() {
    try {
      return Files.readString(command.folder.resolve("err"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends it a signal.
   *
   * @param name the signal's name, without SIG
   */
  public void signal(String name) throws IOException, InterruptedException {
    int error = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).inheritIO().start().waitFor();
    if (error != 0) {
      throw new AssertionError("The signal could not be sent: signal=" + name + ", error=" + error);
    }
  }

  private AssertionError hang(String what) {
    String threads = ThreadStates.of(process.pid()) + ThreadStates.stacks(command.java, process.pid(), DUMP_TIME);
    process.destroyForcibly();
    return new AssertionError("The child " + what + ": command=" + command.words() + ", out=" + out + ", err=" + err()
        + System.lineSeparator() + threads);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
