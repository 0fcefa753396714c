/** Stands for a secret value in what is shown; sent back in an update it means: keep it. */
export const MASK = '********';
