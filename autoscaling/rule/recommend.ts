/*
 * How many instances a measurement asks for, by the rule that Kubernetes publishes for its Horizontal Pod Autoscaler
 * (kubernetes.io, Horizontal Pod Autoscaling, "Algorithm details"; pkg/controller/podautoscaler/replica_calculator.go).
 */

/** What was measured of an app. */
export type Measurement =
  | {
      readonly kind: 'per-instance';
      /** Of those instances that are ready and of which there is one. */
      readonly values: readonly number[];
      /** How many are ready, and were not measured. */
      readonly missing: number;
      /** How many run and are not ready yet. */
      readonly unready: number;
      /** It may be more: something that counts a part of it does not answer. */
      readonly atLeast?: string;
    }
  /** Of all instances together. */
  | { readonly kind: 'total'; readonly value: number }
  | { readonly kind: 'none'; readonly why: string };

/** A number of instances, and what led to it. */
export interface Recommendation {
  readonly instances: number;
  /** Of one instance, on average: what was measured, as Kubernetes reports it. */
  readonly value: number;
  /** Measured to wanted, with what was assumed of instances that were not measured. */
  readonly ratio: number;
}

/** Within a tenth of the target nothing is done. */
const tolerance = 0.1;

const isWithinTolerance = (ratio: number) => Math.abs(ratio - 1) <= tolerance;

/** Where a product of fractions is a hair above a whole number, that number is meant. */
const roundUp = (instances: number) => Math.max(0, Math.ceil(instances - 1e-9));

/**
 * @param target of one instance
 * @param current how many instances there are to be now
 * @returns undefined where nothing was measured: then nothing is done
 */
export function recommend(measured: Measurement, target: number, current: number): Recommendation | undefined {
  switch (measured.kind) {
    case 'none':
      return undefined;
    case 'total': {
      // GetExternalPerPodMetricReplicas
      const ratio = measured.value / (target * current);
      const instances = isWithinTolerance(ratio) ? current : roundUp(measured.value / target);
      return { instances, value: measured.value / current, ratio };
    }
    case 'per-instance':
      return ofInstances(measured, target, current);
  }
}

/** calcPlainMetricReplicas */
function ofInstances(
  { values, missing, unready }: Extract<Measurement, { readonly kind: 'per-instance' }>,
  target: number,
  current: number,
): Recommendation | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, each) => total + each, 0);
  const value = sum / values.length;
  const ratio = value / target;
  const growsWithUnready = unready > 0 && ratio > 1;
  if (!growsWithUnready && missing === 0) {
    const instances = isWithinTolerance(ratio) ? current : roundUp(ratio * values.length);
    return { instances, value, ratio };
  }
  // Missing ones are taken to use their target when it would shrink, and nothing when it would grow.
  const assumed = ratio < 1 ? missing * target : 0;
  const count = values.length + missing + (growsWithUnready ? unready : 0);
  const cautious = (sum + assumed) / count / target;
  const turns = (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1);
  const instances = roundUp(cautious * count);
  const goesBack = (cautious < 1 && instances > current) || (cautious > 1 && instances < current);
  return {
    instances: isWithinTolerance(cautious) || turns || goesBack ? current : instances,
    value,
    ratio: cautious,
  };
}
