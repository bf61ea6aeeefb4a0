package io.samepage.explorer.faults;

/** The rules of the protocol, and where they are kept. A defect leaves one out. */
enum Rule {
  /** The handler claims before it publishes: sp_serve. */
  CLAIMS_BEFORE_PUBLISHING,
  /** What is mapped is what was claimed, not the whole unit: map_unit, fetch_unit. */
  MAPS_WHAT_IT_CLAIMED,
  /** A page that was HOSTM is mapped unprotected, for it may have been written: map_unit. */
  REMAPS_UNPROTECTED,
  /** The flag is set behind the claim and before anything else: sp_flag_mapped. */
  FLAGS_BEHIND_THE_CLAIM,
  /** Who finds a claim leaves word that he waits: sp_touch. */
  MARKS_WAITERS,
  /** Who ends a claim wakes who waits: release_unit. */
  WAKES_WAITERS,
  /** The window is looked up under the claim: sp_window_of. */
  LOOKS_UP_WINDOWS_UNDER_THE_CLAIM,
  /** A read waits for the last kernel that writes to the window: enqueue_opencl. */
  AWAITS_PRODUCERS,
  /** A read waits for what a withdrawal has sent: enqueue_opencl. */
  AWAITS_EDGES,
  /** The event of a kernel is published before pages are withdrawn: InFlightLaunch.publish. */
  PUBLISHES_BEFORE_WITHDRAWING,
  /** Kernels are enqueued and published under one hold of a lock, so that the last one published is the last in the queue. */
  PUBLISHES_IN_ORDER,
  /** The kernel is enqueued before pages are withdrawn: CoherentKernel.submit. */
  ENQUEUES_BEFORE_WITHDRAWING,
  /** Pages are unmapped before they are scanned: finish in withdraw.c and scan.c. */
  UNMAPS_BEFORE_SCANNING,
  /** The word names the device once the page is unmapped, not before: finish in withdraw.c. */
  UNMAPS_BEFORE_RELEASING,
  /** What the host wrote beside a slice is sent behind the kernel: send_edges. */
  SENDS_EDGES,
  /** Withdrawing waits for claims: sp_claim_withdrawal. */
  WITHDRAWS_NO_CLAIMED_PAGES,
  /** What a scan finds is masked by words that are read behind it: note. */
  MASKS_BEHIND_THE_SCAN,
  /** A page without an entry that others may just be mapping is looked at again: take_over_mapped. */
  LOOKS_TWICE,
  /** A page that was found without an entry stays written unless it is present and clean by now: take_over_mapped. */
  TAKES_BACK_WHAT_IS_PRESENT,
  /** A flag counts as set while it is looked whether it can be cleared: clear_flag. */
  DOUBTS_FLAGS,
  /** A flag is cleared if nothing is mapped or claimed: clear_flag. */
  LOOKS_BEFORE_IT_CLEARS,
  /** What was claimed since is seen by the flag it has set: clear_flag. */
  CONFIRMS_DOUBTS,
  /** Pages that a kernel overwrites in part are needed: Claim.neededPages. */
  NEEDS_PAGES_WRITTEN_IN_PART,
  /** What other devices alone have comes home before a kernel overwrites the frames, for who touches it until then: Entrusting. */
  COPIES_WHAT_IS_OVERWRITTEN_IN_PLACE,
  /** Nobody starts on pages that another prepares: LeaseTable.blockers. */
  PREPARES_ALONE,
  /** The claim of a launch is held until its kernel has run: InFlightLaunch. */
  HOLDS_CLAIMS_IN_FLIGHT,
  /** What only an evicted window holds goes home: WatchedHost.evacuate. */
  BRINGS_HOME,
  /** An eviction waits for what is being fetched: WatchedExtent.lookForPagesOf. */
  EVICTS_BEHIND_FETCHES,
  /** Bringing home ends what was known of withdrawn blocks: WatchedExtent.changed. */
  FORGETS_WITHDRAWN_BLOCKS,
  /** Devices' copies of pages that are discarded end before the frames are zeroed: WatchedHost.entrust. */
  TAKES_PAGES_OVER,
  /** Frames go under a claim: where one goes that is mapped, the system forgets that its page was not written. zero_claimed. */
  ZEROES_UNDER_A_CLAIM,
  /** Zeroing waits for others' claims: sp_claim_all. */
  ZEROES_NO_CLAIMED_PAGES,
  /** Pages are unmapped before their frames are zeroed: finish_zeroing. */
  UNMAPS_BEFORE_ZEROING,
  /** The frames are zero before the claim ends: finish_zeroing. */
  ZEROES_BEFORE_RELEASING,
  /** What devices had of pages that were discarded doesn't count any more: PageDirectory.discarded. */
  ENTERS_DISCARDS,
  /** Nobody starts on pages that are being discarded, and the other way round: Discard.run. */
  DISCARDS_ALONE,
  /** Closing waits for claims: sp_close_idle. */
  CLOSES_NO_CLAIMED_PAGES,
  /** Closing wakes who waits for pages: sp_close_pages. */
  CLOSING_WAKES,
  /** A claim never outlives a native call, so that no safepoint comes between its beginning and its end: R1. */
  CLAIMS_END_WITH_THE_CALL
}
