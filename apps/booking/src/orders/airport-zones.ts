import { BookingError } from './booking-error.js';

/** Airports by IANA time zone: those that the suppliers of this service fly to most. */
const AIRPORTS: Readonly<Record<string, string>> = {
  'Africa/Cairo': 'CAI',
  'Africa/Casablanca': 'CMN RAK',
  'Africa/Johannesburg': 'JNB CPT',
  'America/Bogota': 'BOG MDE',
  'America/Chicago': 'ORD DFW IAH',
  'America/Denver': 'DEN',
  'America/Lima': 'LIM',
  'America/Los_Angeles': 'LAX SFO SEA',
  'America/Mexico_City': 'MEX',
  'America/New_York': 'JFK EWR BOS MIA ATL',
  'America/Santiago': 'SCL',
  'America/Sao_Paulo': 'GRU GIG',
  'America/St_Johns': 'YYT',
  'America/Toronto': 'YYZ YUL',
  'Asia/Dubai': 'DXB',
  'Asia/Ho_Chi_Minh': 'SGN HAN',
  'Asia/Hong_Kong': 'HKG',
  'Asia/Kathmandu': 'KTM',
  'Asia/Kolkata': 'DEL BOM',
  'Asia/Shanghai': 'PEK PVG CAN',
  'Asia/Singapore': 'SIN',
  'Asia/Tehran': 'IKA',
  'Asia/Tokyo': 'NRT HND KIX',
  'Atlantic/Azores': 'PDL',
  'Atlantic/Canary': 'LPA TFN TFS',
  'Atlantic/Reykjavik': 'KEF',
  'Australia/Adelaide': 'ADL',
  'Australia/Brisbane': 'BNE',
  'Australia/Lord_Howe': 'LDH',
  'Australia/Sydney': 'SYD',
  'Europe/Amsterdam': 'AMS',
  'Europe/Athens': 'ATH',
  'Europe/Berlin': 'BER FRA MUC',
  'Europe/Istanbul': 'IST SAW',
  'Europe/Lisbon': 'LIS OPO',
  'Europe/London': 'LHR LGW STN MAN EDI',
  'Europe/Madrid': 'MAD BCN AGP PMI',
  'Europe/Paris': 'CDG ORY',
  'Europe/Rome': 'FCO MXP',
  'Europe/Zurich': 'ZRH',
  'Pacific/Apia': 'APW',
  'Pacific/Auckland': 'AKL CHC',
  'Pacific/Chatham': 'CHT',
  'Pacific/Honolulu': 'HNL',
  'Pacific/Kiritimati': 'CXI',
};

const ZONES = new Map(
  Object.entries(AIRPORTS).flatMap(([zone, codes]) => codes.split(' ').map((code) => [code, zone])),
);

/**
 * The zone whose clocks hang in an airport (IATA), for suppliers who send local times alone.
 *
 * @throws BookingError `AIRPORT_UNKNOWN`
 */
export function zoneOf(airport: string): string {
  const zone = ZONES.get(airport);
  if (zone !== undefined) return zone;
  const message = `The time zone of ${airport} is not known here: send it (IANA) beside the local time.`;
  throw new BookingError('AIRPORT_UNKNOWN', message);
}
