/**
 * What makes pages reads the results of all commands, and so stands above them: the program tells us of it when it starts.
 */

/** The page on a result of whatever kind. */
export type PageMaker = (result: unknown) => Promise<string>;

let maker: PageMaker = () => Promise.reject(new Error('nothing makes pages here'));

/** From now on pages are made by this. */
export function makePagesBy(made: PageMaker): void {
  maker = made;
}

export const pageOn: PageMaker = (result) => maker(result);
