/**
 * Everything that only runs commands in the lab, in one machine: to boot it takes longer than most of them.
 */
import './stories/clients.js';
import './stories/compat.js';
import './stories/any-mount.js';
import './stories/onedaemon-two-clients.js';
import './stories/lab-leftovers.js';
import './stories/hosts-pair.js';
