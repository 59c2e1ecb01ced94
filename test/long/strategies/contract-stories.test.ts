/**
 * The rest of the contract, for every strategy of the catalogue: what befalls a holder that lives on, since it was stopped or
 * another descriptor of its file was closed; and what is so between processes of root.
 */
import { ofEachStrategy, testsOf } from '../../support/contract.js';

await ofEachStrategy('the stories of', ({ further }) => testsOf(further));
