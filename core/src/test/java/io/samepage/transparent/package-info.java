/** Transparent host access on the embedded device, and what only it can show. It may depend on everything of core. */
package io.samepage.transparent;
