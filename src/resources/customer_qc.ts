/**
 * Quality control by customers: what the workflow knows of a deliverable.
 *
 * @module
 */

import { segment, show } from "../wire/options.ts";
import { type Decode, model, type Open } from "../wire/codec.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { RequestOptions } from "../http/request.ts";
import type { Transport } from "../http/transport.ts";

/** What a decision says. */
export type QcDecisionOutcome = Open<
  | "approved"
  | "rejected"
>;

/** A decision the workflow would accept. */
export interface CustomerQcDecision {
  /** State it leads to. */
  state: string;
  /** What it says. */
  outcome: QcDecisionOutcome;
}

/** Read-only workflow facts about one deliverable. */
export interface CustomerQcContext {
  /** Version of the answer: 1. */
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

const decodeCustomerQcDecision: Decode<CustomerQcDecision> = model<
  CustomerQcDecision
>({
  state: null,
  outcome: null,
});

const decodeCustomerQcContext: Decode<CustomerQcContext> = model<
  CustomerQcContext
>({
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
  availableDecisions: [decodeCustomerQcDecision],
  decisionReady: null,
  blockers: [],
  contextSha256: null,
});

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Quality control by customers. */
export class AsyncCustomerQc {
  readonly #transport: Transport;

  /**
   * Constructs the resource.
   *
   * @param transport Sends the requests.
   */
  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Reads what the workflow knows of a deliverable. The key needs the scopes
   * `datasets.read` and `qc.read`.
   *
   * @param organizationUid Unique id of the organization, a lowercase UUID.
   * @param datasetUid Unique id of the dataset, a lowercase UUID.
   * @param sequenceUid Unique id of the sequence, a lowercase UUID.
   * @param deliverableId The deliverable; `cuboids` is the only one known.
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
    for (
      const [name, uid] of Object.entries({
        organizationUid,
        datasetUid,
        sequenceUid,
      })
    ) {
      if (!UUID.test(uid)) {
        throw new InvalidArgumentError(
          `Cannot inspect the deliverable as '${name}' must be a lowercase UUID: current value is ${
            show(uid)
          }`,
        );
      }
    }
    const path = `/customer-qc/organizations/${
      segment("organizationUid", organizationUid)
    }/datasets/${segment("datasetUid", datasetUid)}/sequences/${
      segment("sequenceUid", sequenceUid)
    }/deliverables/${segment("deliverableId", deliverableId)}/context/`;
    return await this.#transport.object(decodeCustomerQcContext, {
      method: "GET",
      path,
    }, request);
  }
}
