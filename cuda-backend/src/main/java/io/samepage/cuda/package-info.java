/**
 * The place of the CUDA back end, which is not built yet.
 */
package io.samepage.cuda;
