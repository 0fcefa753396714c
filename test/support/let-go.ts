/** For a receiver that holds its answer back (`until`) while the test does something, and gives it after `letGo()`. */
export function untilLetGo(): { readonly until: Promise<void>; readonly letGo: () => void } {
  let letGo!: () => void;
  const until = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return { until, letGo };
}
