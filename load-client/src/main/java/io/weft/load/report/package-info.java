/**
 * The page for people: one HTML file without scripts, drawn from the JSON that a run writes, of one
 * run or of several side by side.
 *
 * <pre>
 *   JSON ──▶ Result ──▶ Page: ThroughputChart, CurveChart, HeatMap, ConnectionsChart, Table
 *                               each a Plot between two Axes
 * </pre>
 */
@NullMarked
package io.weft.load.report;

import org.jspecify.annotations.NullMarked;
