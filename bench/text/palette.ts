/**
 * Colours of drawings and pages, on white and on dark paper. Those that tell things apart are those of Okabe and Ito, told apart
 * by colour-blind people, too, darker on white paper than theirs.
 */

export interface Colour {
  readonly light: string;
  readonly dark: string;
}

export const PAPER: Colour = { light: '#ffffff', dark: '#12161c' };
export const INK: Colour = { light: '#17202a', dark: '#e8ebef' };
export const LINE: Colour = { light: '#dde1e7', dark: '#313944' };

/** In the order in which they are given out. */
export const SERIES: readonly Colour[] = [
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#c8540a', dark: '#ff9b57' },
  { light: '#00805c', dark: '#35c79f' },
  { light: '#a8488a', dark: '#e59ac8' },
  { light: '#96690b', dark: '#e8c04e' },
  { light: '#4b5563', dark: '#b8c0cc' },
  { light: '#7a8290', dark: '#8f99a6' },
  { light: '#17202a', dark: '#e8ebef' },
];
