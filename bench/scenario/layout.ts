/**
 * How a scenario's place is laid out: the number in a file of its own, and kernel locks on another, as with
 * `--number reopened`. So the file that is locked can lose its name, and the number stays.
 */
export const LOCKED_NAME = 'locked';
