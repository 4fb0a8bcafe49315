/**
 * How often the event loop's delay is measured, in ms. Each measurement wakes an idle process up: a hundred a second were
 * most of what one costs. A measured delay is from one measurement to the next, so at rest it is this.
 */
export const DELAY_EVERY_MS = 100;
