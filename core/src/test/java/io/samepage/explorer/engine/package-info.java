/**
 * What explorers share, whatever world they explore: visiting every state of a {@link io.samepage.explorer.engine.StateSpace}, nearest
 * first, and telling the shortest way to a violation. It depends on nothing of ours.
 */
package io.samepage.explorer.engine;
