import { FilterError, isNothing, textFor, type Filter } from './filter.js';
import { inZone, readMoment, type Moment } from './moment.js';
import { strftime } from './strftime.js';

/**
 * `date: '%d/%m %H:%M'`, `date: '%d/%m %H:%M', 'Europe/Madrid'`. What is no date stays as it is, as in Liquid.
 */
export const DATE_FILTER: Filter = {
  args: [1, 2],
  gives: 'text',
  run(memory, value, format, zone) {
    const moment = readMoment(value);
    if (moment === null) return value;
    const pattern = textFor(memory, format);
    // Two digits of width and the longest name: no directive writes more than this.
    memory.use(pattern.length * 34);
    return strftime(isNothing(zone) ? moment : moved(moment, zone), pattern);
  },
};

function moved(moment: Moment, zone: unknown): Moment {
  if (typeof zone !== 'string') throw new FilterError('A time zone is a name such as Europe/Madrid');
  try {
    return inZone(moment, zone);
  } catch {
    throw new FilterError('The date filter does not know this time zone');
  }
}
