package io.samepage.coherence.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.node.Window;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which window was not used for the longest time. */
class DeviceBooksTest {
  private final DeviceBooks books = new DeviceBooks(0, 100);
  private final List<PlacedWindow> windows = Stream.generate(DeviceBooksTest::window).limit(3).toList();

  DeviceBooksTest() {
    windows.forEach(window -> {
      assertThat(books.tryCharge(10)).isTrue();
      books.add(window);
    });
  }

  private static PlacedWindow window() {
    Window window = new Window() {
      @Override
      public long sizeBytes() {
        return 10;
      }

      @Override
      public long handle() {
        return 1;
      }
    };
    return new PlacedWindow(null, null, 0, 10, window, null, new AtomicBoolean());
  }

  private int longestUnused() {
    return windows.indexOf(books.longestUnused(Set.of()));
  }

  @Test
  void useMakesAWindowTheLast() {
    assertThat(longestUnused()).isZero();
    books.used(windows.get(0));
    assertThat(longestUnused()).isEqualTo(1);
    books.used(windows.get(2));
    books.used(windows.get(1));
    assertThat(books.windows()).containsExactly(windows.get(0), windows.get(2), windows.get(1));
    assertThat(books.longestUnused(Set.of(windows.get(0)))).isSameAs(windows.get(2));
    assertThat(books.longestUnused(Set.copyOf(windows))).isNull();
  }

  @Test
  void whatIsNotInTheBooksIsNotUsed() {
    books.remove(windows.get(1));
    books.used(windows.get(1));
    assertThat(books.windows()).containsExactly(windows.get(0), windows.get(2));
    assertThat(books.usedBytes()).isEqualTo(20);
    assertThat(books.balances()).isTrue();
  }

  @Test
  void aWindowThatWasReadHasASecondChance() {
    windows.get(0).read();
    windows.get(1).read();
    assertThat(longestUnused()).isEqualTo(2);
    assertThat(books.windows()).containsExactly(windows.get(2), windows.get(0), windows.get(1));
    books.used(windows.get(2));
    assertThat(longestUnused()).as("the first, which was not read since").isZero();
  }

  @Test
  void windowsThatAreReadAllTheTimeHaveNoMoreThanThat() {
    int[] looks = {0};
    Set<PlacedWindow> none = new AbstractSet<>() {
      @Override
      public boolean contains(Object window) {
        assertThat(++looks[0]).as("looks").isLessThan(20);
        ((PlacedWindow) window).read();
        return false;
      }

      @Override
      public Iterator<PlacedWindow> iterator() {
        return Collections.emptyIterator();
      }

      @Override
      public int size() {
        return 0;
      }
    };
    assertThat(books.longestUnused(none)).isSameAs(windows.get(0));
  }
}
