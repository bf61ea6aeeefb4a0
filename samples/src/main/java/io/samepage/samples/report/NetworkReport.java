package io.samepage.samples.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * A run of the network; the JSON has all fields on one level.
 *
 * @param run what every run has
 * @param layers how many layers
 * @param neurons neurons of a layer
 * @param images how many images went in
 * @param categoriesFound how many images were alive at the end
 * @param categoriesExpected how many should be
 * @param categoriesMatch whether they are the same ones
 * @param liveRows how many rows were alive after each layer
 */
public record NetworkReport(@JsonUnwrapped RunReport run, int layers, int neurons, int images, int categoriesFound,
    int categoriesExpected, boolean categoriesMatch, List<Integer> liveRows) {}
