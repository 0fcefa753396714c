import { AddAtlasClients1770000000000 } from './add-atlas-clients.migration.js';
import { AddSupplierTables1760000000000 } from './add-supplier-tables.migration.js';
import { CreateBooking1750000000000 } from './create-booking.migration.js';

/** The booking service's own migrations, oldest first. */
export const bookingMigrations = [
  CreateBooking1750000000000,
  AddSupplierTables1760000000000,
  AddAtlasClients1770000000000,
];
