import type { ReadinessResult } from '../marathon.ts';

/* Deployments of Marathon's v2 API (deploymentPlan.raml and deploymentAction.raml of Marathon 1.10). */

export type DeploymentActionName = 'StartApplication' | 'StopApplication' | 'ScaleApplication' | 'RestartApplication';

export interface DeploymentAction {
  readonly action: DeploymentActionName;
  readonly app: string;
}

export interface DeploymentStep {
  readonly actions: readonly DeploymentAction[];
}

export type PodActionName = 'StartPod' | 'StopPod' | 'ScalePod' | 'RestartPod';

/** An action as it is shown. */
export type ShownAction = DeploymentAction | { readonly action: PodActionName; readonly pod: string };

export interface ShownStep {
  readonly actions: readonly ShownAction[];
}

/** A deployment as in /v2/deployments. */
export interface DeploymentInfo {
  readonly id: string;
  readonly version: string;
  readonly affectedApps: readonly string[];
  readonly affectedPods: readonly string[];
  readonly steps: readonly ShownStep[];
  readonly currentActions: readonly (ShownAction & {
    readonly readinessCheckResults: readonly ReadinessResult[];
  })[];
  /** Counts from 1. */
  readonly currentStep: number;
  readonly totalSteps: number;
}

export interface DeploymentResult {
  readonly deploymentId: string;
  readonly version: string;
}
