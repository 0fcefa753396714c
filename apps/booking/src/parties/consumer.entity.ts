import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The customer of the booking API: the tenant who owns orders. */
@Entity('consumers')
export class Consumer {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  email!: string;

  @Column('text', { name: 'iata_code', nullable: true })
  iataCode!: string | null;

  @Column('text', { name: 'country_code' })
  countryCode!: string;
}
