/**
 * Names the application whose Services may select the machines of a group. istiod copies it into their entries from the WorkloadGroup alone: a
 * machine that takes the labels of another application can't take this along.
 */
export const APPLICATION_ANNOTATION = 'meshvm/application';
