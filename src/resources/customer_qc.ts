/**
 * Quality control by customers: what the workflow knows of a deliverable.
 *
 * @module
 */

import type { RequestOptions } from "../http/request.ts";
import { model, type Open } from "../wire/codec.ts";
import { type Check, toBody } from "../wire/options.ts";
import { path } from "../wire/path.ts";
import { Resource } from "./resource.ts";

/** What a decision says. */
export type QcDecisionOutcome = Open<"approved" | "rejected">;

/** A decision the workflow would accept. */
export interface CustomerQcDecision {
  /** State it leads to. */
  state: string;
  /** What it says. */
  outcome: QcDecisionOutcome;
}

/** Read-only workflow facts about one deliverable. */
export interface CustomerQcContext {
  /** Version of the response: 1. */
  schemaVersion: number;
  /** Kind of evidence: `workflow_metadata_only`. */
  evidenceKind: string;
  /** What is annotated: `cuboid_3d`. */
  annotationScope: string;
  /** Unique id of the organization. */
  organizationUid: string;
  /** Unique id of the dataset. */
  datasetUid: string;
  /** Unique id of the sequence. */
  sequenceUid: string;
  /** The deliverable: `cuboids`. */
  deliverableId: string;
  /** Unique id of the revision of the workflow. */
  workflowRevisionUid: string;
  /** SHA-256 in hex. */
  workflowDefinitionSha256: string;
  /** When the state was created, ISO-8601. */
  stateCreatedAt: string;
  /** When the state last changed, ISO-8601. */
  stateUpdatedAt: string;
  /** State in the workflow. */
  workflowState: string;
  /** State that counts as approved. */
  approvalState: string;
  /** Outcome that counts as approved. */
  approvalOutcome: string;
  /** Decisions that the workflow would accept. */
  availableDecisions: CustomerQcDecision[];
  /** Whether a decision can be made; always false. */
  decisionReady: boolean;
  /** What stands against a decision; never empty. */
  blockers: string[];
  /** SHA-256 in hex. */
  contextSha256: string;
}

const decodeDecision = model<CustomerQcDecision>({
  state: null,
  outcome: null,
});

const decodeContext = model<CustomerQcContext>({
  schemaVersion: null,
  evidenceKind: null,
  annotationScope: null,
  organizationUid: null,
  datasetUid: null,
  sequenceUid: null,
  deliverableId: null,
  workflowRevisionUid: null,
  workflowDefinitionSha256: null,
  stateCreatedAt: null,
  stateUpdatedAt: null,
  workflowState: null,
  approvalState: null,
  approvalOutcome: null,
  availableDecisions: [decodeDecision],
  decisionReady: null,
  blockers: [],
  contextSha256: null,
});

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const isUuid: Check = (value) =>
  typeof value === "string" && UUID.test(value)
    ? undefined
    : "a lowercase UUID";
const isCuboids: Check = (value) =>
  value === "cuboids" ? undefined : '"cuboids"';

/** What the path parameters must be. */
const DELIVERABLE = {
  organizationUid: { required: true, check: isUuid },
  datasetUid: { required: true, check: isUuid },
  sequenceUid: { required: true, check: isUuid },
  deliverableId: { required: true, check: isCuboids },
};

/** Quality control by customers. */
export class AsyncCustomerQc extends Resource {
  /**
   * Reads what the workflow knows of a deliverable. The key needs the scopes
   * `datasets.read` and `qc.read`.
   *
   * @param organizationUid Unique id of the organization, a lowercase UUID.
   * @param datasetUid Unique id of the dataset, a lowercase UUID.
   * @param sequenceUid Unique id of the sequence, a lowercase UUID.
   * @param deliverableId The deliverable: `cuboids`, the only one that the service knows.
   * @param request Request options.
   * @returns The facts.
   * @throws {InvalidArgumentError} If an argument is wrong.
   * @throws {AvalaError} If the request fails.
   */
  async inspectContext(
    organizationUid: string,
    datasetUid: string,
    sequenceUid: string,
    deliverableId: string,
    request?: RequestOptions,
  ): Promise<CustomerQcContext> {
    const target = { organizationUid, datasetUid, sequenceUid, deliverableId };
    toBody("customerQc.inspectContext", DELIVERABLE, target);
    const where = path(
      "customerQc.inspectContext",
      "/customer-qc/organizations/{organizationUid}/datasets/{datasetUid}/sequences/{sequenceUid}/deliverables/{deliverableId}/context/",
      target,
    );
    return await this.one(decodeContext, "GET", where, request);
  }
}
