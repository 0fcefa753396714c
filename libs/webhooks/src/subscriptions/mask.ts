/** Stands for a secret value in what is shown; sent back in an update it means: keep it. */
export const MASK = '********';

/** What reads the event or a secret and adds nothing of its own. */
const READING = /\{\{-?\s*[A-Za-z_][\w.[\]]*\s*-?\}\}/g;

/** Whether a value says something itself: it is more than placeholders that read. */
export function holdsText(value: string): boolean {
  return value.replace(READING, '').trim() !== '';
}
