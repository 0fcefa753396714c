import { formatInstant } from '../orders/zoned-time.js';
import { segmentsData } from '../schedule-changes/schedule-change.view.js';
import type { IncidentDetails } from '../webhooks/catalog/incident-detected.js';
import type { Incident } from './incident.entity.js';

/** What the event tells of an incident beside the order. */
export function detailsOf({ id, type, confirmed, details }: Incident): IncidentDetails {
  const { previous_segments, revised_segments, ...rest } = details;
  return {
    incident_id: id,
    incident_type: type,
    incident_confirmed: confirmed,
    ...rest,
    previous_segments: previous_segments && segmentsData(previous_segments),
    revised_segments: revised_segments && segmentsData(revised_segments),
  };
}

/** What the API answers. */
export function viewIncident({ id, type, confirmed, detectedAt, closedAt }: Incident) {
  return {
    incident_id: id,
    incident_type: type,
    incident_confirmed: confirmed,
    detected_at: formatInstant(detectedAt),
    closed_at: closedAt && formatInstant(closedAt),
  };
}
