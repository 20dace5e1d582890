/**
 * Emulated routes of quality control by customers.
 *
 * @module
 */

import { notFound, respond } from "../engine/responses.ts";
import type { EmulatedResource } from "../engine/router.ts";
import { CREATED, UPDATED } from "../engine/state.ts";

/** What the workflow knows of a deliverable: the same of every sequence. */
export const CUSTOMER_QC: EmulatedResource = {
  routes: [{
    method: "GET",
    path:
      "/customer-qc/organizations/{organizationUid}/datasets/{datasetUid}/sequences/{sequenceUid}/deliverables/{deliverableId}/context/",
    handle: ({ params, state }) => {
      const { organizationUid, datasetUid, sequenceUid, deliverableId } =
        params;
      const sequence = state.collection("sequences").get(sequenceUid);
      if (sequence?.dataset_uid !== datasetUid || deliverableId !== "cuboids") {
        return notFound();
      }
      return respond({
        schema_version: 1,
        evidence_kind: "workflow_metadata_only",
        annotation_scope: "cuboid_3d",
        organization_uid: organizationUid,
        dataset_uid: datasetUid,
        sequence_uid: sequenceUid,
        deliverable_id: deliverableId,
        workflow_revision_uid: "5eed0001-0000-4000-8000-000000000001",
        workflow_definition_sha256: "12".repeat(32),
        state_created_at: CREATED,
        state_updated_at: UPDATED,
        workflow_state: "customer_review",
        approval_state: "awaiting",
        approval_outcome: "none",
        available_decisions: ["approved", "rejected"].map((outcome) => ({
          state: "customer_review",
          outcome,
        })),
        decision_ready: false,
        blockers: ["annotation_evidence_missing"],
        context_sha256: "34".repeat(32),
      });
    },
  }],
};
