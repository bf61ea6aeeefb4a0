/** The contract test-kit run on the embedded device, and what only the embedded device can show. It may depend on everything of core. */
package io.samepage.contract;
