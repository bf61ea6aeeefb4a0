package io.samepage.samples.matrixmarket;

import java.util.Locale;

/** The first line of a file: {@code %%MatrixMarket matrix coordinate FIELD SYMMETRY}. */
record Header(Field field, boolean isSymmetric) {
  private static final String EXPECTED = "%%MatrixMarket matrix coordinate real|integer|pattern general|symmetric";

  /** What an entry's line holds behind its two indices. */
  enum Field {
    REAL,
    INTEGER,
    PATTERN;

    int tokensPerEntry() {
      return this == PATTERN ? 2 : 3;
    }
  }

  static Header read(Lines lines) throws MatrixMarketException {
    String line = lines.next();
    if (line == null || !line.regionMatches(true, 0, "%%MatrixMarket", 0, 14)) {
      throw lines.problem("not a Matrix Market file, its first line should be: " + EXPECTED);
    }
    String[] words = line.trim().toLowerCase(Locale.ROOT).split("\\s+");
    if (words.length != 5 || !words[1].equals("matrix") || !words[2].equals("coordinate")) {
      throw unsupported(lines);
    }
    return new Header(field(words[3], lines), isSymmetric(words[4], lines));
  }

  private static Field field(String word, Lines lines) throws MatrixMarketException {
    return switch (word) {
      case "real", "double" -> Field.REAL;
      case "integer" -> Field.INTEGER;
      case "pattern" -> Field.PATTERN;
      default -> throw unsupported(lines);
    };
  }

  private static boolean isSymmetric(String word, Lines lines) throws MatrixMarketException {
    return switch (word) {
      case "general" -> false;
      case "symmetric" -> true;
      default -> throw unsupported(lines);
    };
  }

  private static MatrixMarketException unsupported(Lines lines) {
    return lines.problem("a form of Matrix Market that is not read here, it should be: " + EXPECTED);
  }
}
