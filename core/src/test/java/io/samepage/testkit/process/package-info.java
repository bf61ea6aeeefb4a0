/** Tests of whole processes: JVMs of their own that end in the middle of things, or are kept under load. Depends on the API alone. */
package io.samepage.testkit.process;
