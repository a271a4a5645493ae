/** Whether what stands behind a ServiceEntry belongs to the mesh. */
export enum ServiceEntryLocation {
  /** Part of the mesh: callers speak mutual TLS to endpoints with an identity. */
  MESH_INTERNAL = 'MESH_INTERNAL',
  /** Outside the mesh: callers speak what the application speaks, and never mutual TLS of their own accord. */
  MESH_EXTERNAL = 'MESH_EXTERNAL',
}
