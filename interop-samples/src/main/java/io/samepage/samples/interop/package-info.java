/**
 * Samepage beside code that people have: LWJGL, JOCL, EJML, the Vector API. A class each, to be read from top to bottom and copied from;
 * they know nothing of each other.
 */
package io.samepage.samples.interop;
