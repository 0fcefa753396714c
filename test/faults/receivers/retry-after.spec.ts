import { describeDatabases } from '../../support/databases.js';
import { partOf } from '../../support/internals.js';
import { CLEAN } from './order-book.js';
import { RETRY_MS, useWard } from './ward.js';

const SECOND = 1_000;
const DAY = 24 * 60 * 60 * SECOND;
const DAYS = ['Sun', 'Mon', 'Tues', 'Wednes', 'Thurs', 'Fri', 'Satur'];

/** Longer than the schedule, and no multiple of it. */
const ASKED_MS = 700 * SECOND;

/** The three forms of a date (RFC 9110, section 5.6.7), `ms` from now. */
function dates(ms: number): { imf: string; rfc850: string; asctime: string } {
  const at = new Date(Date.now() + ms);
  const imf = at.toUTCString();
  const [, day, month, year, time] = imf.split(' ') as [string, string, string, string, string];
  return {
    imf,
    rfc850: `${DAYS[at.getUTCDay()]}day, ${day}-${month}-${year.slice(2)} ${time} GMT`,
    asctime: `${imf.slice(0, 3)} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`,
  };
}

interface Wish {
  readonly header: () => string | readonly string[];
  /** Nothing is sent for so long … */
  readonly notBefore: number;
  /** … and something after so long. */
  readonly by: number;
}

/** Between an answer and its time there is what a slow machine needs for a look. */
const LOOK_MS = 30 * SECOND;
const AS_ASKED = { notBefore: ASKED_MS - LOOK_MS, by: ASKED_MS + 3 * SECOND };
const BY_SCHEDULE = { notBefore: 0.75 * RETRY_MS, by: 1.25 * RETRY_MS };
const AT_ONCE = { notBefore: 0, by: 1.5 * SECOND };
const A_DAY = { notBefore: DAY - LOOK_MS, by: DAY + 3 * SECOND };

const WISHES: Readonly<Record<string, Wish>> = {
  seconds: { header: () => '700', ...AS_ASKED },
  'no seconds at all': { header: () => '0', ...AT_ONCE },
  'a date': { header: () => dates(ASKED_MS).imf, ...AS_ASKED },
  'a date of RFC 850': { header: () => dates(ASKED_MS).rfc850, ...AS_ASKED },
  'a date of asctime()': { header: () => dates(ASKED_MS).asctime, ...AS_ASKED },
  'a date that is over': { header: () => dates(-DAY).imf, ...AT_ONCE },
  'a date in ten years': { header: () => dates(3_650 * DAY).imf, ...A_DAY },
  'a huge number': { header: () => '99999999999999999999', ...A_DAY },
  'a negative number': { header: () => '-700', ...BY_SCHEDULE },
  garbage: { header: () => 'soon', ...BY_SCHEDULE },
  nothing: { header: () => '', ...BY_SCHEDULE },
  'several of them, of which the first counts': { header: () => ['700', '5'], ...AS_ASKED },
  'several of them, of which the first is garbage': { header: () => ['x', '5'], ...BY_SCHEDULE },
};

interface Attempter {
  readonly transport: { send(request: object): Promise<{ headers: Record<string, string> }> };
}

describeDatabases('a receiver that asks to be left alone', (database) => {
  const ward = useWard(database);

  /** Gives the instant at which the answer had not come yet. */
  const ask = async (status: number, header: Wish['header']): Promise<number> => {
    await ward.admit();
    const askedAt = ward.host.clock.now();
    ward.sick.answer('/hook', { status, headers: { 'retry-after': header() } }, 204);
    await ward.book.takeBack('R');
    await ward.book.commit('A');
    await ward.host.webhooks.drain();
    return askedAt;
  };

  const forgetsTheHeader = (): void => {
    const { transport } = partOf<{ parts: Attempter }>(ward.host, 'Dispatcher').parts;
    const send = transport.send.bind(transport);
    transport.send = async (request) => ({ ...(await send(request)), headers: {} });
  };

  for (const status of [429, 503]) {
    it.each(Object.entries(WISHES))(`with ${status} and %s is, and loses nothing`, async (_what, wish) => {
      const askedAt = await ask(status, wish.header);
      const recordedAt = ward.host.clock.now();

      await ward.at(askedAt + wish.notBefore);
      expect(ward.sick.requests.length).toBeLessThanOrEqual(wish.notBefore === 0 ? 2 : 1);
      await ward.at(recordedAt + wish.by);

      expect(await ward.book.verdict(ward.sick)).toEqual(CLEAN);
      expect(ward.sick.requests).toHaveLength(2);
      expect(await ward.book.verdict(ward.healthy)).toEqual(CLEAN);
      expect(ward.healthy.requests).toHaveLength(1);
    });
  }

  it.each(Object.entries(WISHES).filter(([, { by }]) => by === AS_ASKED.by || by === A_DAY.by))(
    'is sent to too early, were the header forgotten: %s',
    async (_what, wish) => {
      await ward.admit();
      forgetsTheHeader();
      ward.sick.answer('/hook', { status: 503, headers: { 'retry-after': wish.header() } }, 204);
      await ward.book.commit('A');
      await ward.host.webhooks.drain();

      await ward.after(wish.notBefore);

      expect(ward.sick.requests).toHaveLength(2);
    },
  );
});
