/**
 * `hosts` by mpirun on three clients of the lab: half an hour on emulated processors, and so a suite of its own.
 */
import '../lab/stories/hosts-mpi.js';
