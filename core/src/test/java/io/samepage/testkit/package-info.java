/**
 * The contract test-kit: what every back end must pass, written against the API alone and shipped as core's test-jar. A back end
 * runs it by extending {@link io.samepage.testkit.UnifiedMemoryContract}, {@link io.samepage.testkit.SeveralDevicesContract},
 * {@link io.samepage.testkit.RandomOperations}, {@link io.samepage.testkit.ThreadStress} and
 * {@link io.samepage.testkit.ManyRangesContract} with the names of its devices. It may depend on the API, JUnit and AssertJ only.
 */
package io.samepage.testkit;
