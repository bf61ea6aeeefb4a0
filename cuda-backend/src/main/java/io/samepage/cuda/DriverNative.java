package io.samepage.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;

/** What is asked of the dynamic loader before JCuda is touched: without a driver its classes fail to load, once and for all. */
final class DriverNative {
  private DriverNative() {}

  /** {@return the driver's file name on this system} */
  static String libraryName() {
    return System.getProperty("os.name").startsWith("Windows") ? "nvcuda.dll" : "libcuda.so.1";
  }

  /**
   * Tells whether the dynamic loader finds and loads a library. It stays loaded.
   *
   * @param library its file name
   * @return whether it is loaded now
   */
  static boolean canLoad(String library) {
    try {
      SymbolLookup.libraryLookup(library, Arena.global());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * The address of one of the driver's functions, which stays good to the end of the process.
   *
   * @param function its name, with the suffix of its version
   * @return the address, 0 if the driver has none of that name
   */
  static long address(String function) {
    return SymbolLookup.libraryLookup(libraryName(), Arena.global()).find(function).map(symbol -> symbol.address()).orElse(0L);
  }
}
