/** By itself, since a program that only writes a comparison needs no schema. */
export const COMPARE_VERSION = 2;
