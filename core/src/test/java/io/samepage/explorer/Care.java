package io.samepage.explorer;

/**
 * What the classes of {@code io.samepage.coherence} see to around the shipped functions. The explorer restates it; a defect leaves one
 * out.
 */
enum Care {
  /** A thread with a lease open doesn't queue behind those who may wait for it: Leases.hold. */
  OVERTAKES_WITH_OPEN_LEASE,
  /** What is fetched is entered when it has arrived, not when it is planned: Preparation. */
  ENTERS_WHAT_HAS_ARRIVED,
  /** A device lease waits for what others have enqueued, even if nothing arrives for itself: CoherentDeviceLease.enqueueAndWait. */
  WAITS_FOR_OTHERS_UPLOADS,
  /** A kernel runs behind those of launches in flight that its launch conflicts with: Predecessors. */
  FOLLOWS_CONFLICTS,
  /** A kernel runs behind the copies that were enqueued for launches that use the same pages: Predecessors. */
  FOLLOWS_SHARED_COPIES,
  /** Launches are retired before those that come behind them, so that these hear of their failures: LaunchQueue.retire. */
  RETIRES_PREDECESSORS_FIRST,
  /** The kernel is enqueued before the directory says that it has written: Submission. */
  ENQUEUES_BEFORE_ENTERING,
  /** Where the kernel is refused, its uploads are waited for: Submission.behind. */
  SETTLES_UPLOADS,
  /** The claim of a launch is held until the kernel is done: InFlightLaunch. */
  KEEPS_CLAIM_IN_FLIGHT,
  /** Retiring enters a launch that its thread has not entered yet: InFlightLaunch.finish. */
  ENTERS_BEFORE_RETIRING,
  /** What was written is entered and the claim dropped under one hold of the lock: the close methods of leases. */
  CLOSES_AT_ONCE,
  /** What a failed launch was to write counts as lost: Loss.ofResults. */
  WITHDRAWS_RESULTS,
  /** What failed uploads were to bring counts as not there: Loss.add. */
  WITHDRAWS_UPLOADS,
  /** What failed uploads were to bring and nobody else holds any more is poisoned: Loss.enter. */
  POISONS_LOST_UPLOADS,
  /** Launches that have been entered and need what one before them has lost fail too: InFlightLaunch.follow. */
  INHERITS_FAILURES,
  /** Who finds, when he is entered, that he hasn't got what he needs, fails: LeaseRequest.holdsWhatItNeeds. */
  LOOKS_AGAIN_WHEN_ENTERED,
  /** A device lease sees to it that launches whose copies it shares, and that have failed, are retired: Predecessors.awaitCopies. */
  RETIRES_BEFORE_IT_OPENS,
  /** A page that was lost stays so when a device lease is closed that wrote only a part of it: CoherentDeviceLease.enterWrites. */
  KEEPS_POISON_OF_PARTS,
  /** A host lease comes behind launches alone that are in their queues, as the directory knows of these: RangeClaims.canBeFollowed. */
  COMES_BEHIND_WHAT_IS_ENTERED,
  /** No copy is put behind launches while one that was given up is under way: Leases.holdBehindLaunches. */
  LEAVES_ONE_COPY,
  /** What a host lease copies behind launches is told to come behind them: Submission.downloads. */
  COPIES_BEHIND_LAUNCHES,
  /** A copy behind launches keeps what it reads where it is until it has ended, whoever waits for it: BehindLaunches.enqueue. */
  CLAIMS_WHAT_IT_COPIES,
  /** Nobody but the device has pages that a copy behind launches writes to the host, until it has ended: Claim.Kind.COPY. */
  KEEPS_OTHERS_OFF_WHAT_IT_COPIES_TO,
  /** Who comes behind launches waits for them, whether something is copied or not: BehindLaunches.await. */
  AWAITS_WHAT_IT_COMES_BEHIND,
  /** What was copied behind a launch that failed counts for nothing: BehindLaunches.await, Preparation.bringToHost. */
  PREPARES_ANEW,
  /** What was copied counts for nothing if the copy has failed: BehindLaunches.await. */
  LOOKS_WHETHER_IT_WAS_COPIED,
  /** What was copied is entered by the lease, and by nobody once that has given up: Preparation.bringToHost. */
  FORGETS_WHAT_WAS_GIVEN_UP,
  /** What only an evicted window holds goes home first: Eviction.bringHome. */
  BRINGS_HOME,
  /** Pages that a lease of another node will overwrite don't go home, but count as that node's: Eviction.entrustOverwritten. */
  ENTRUSTS_OVERWRITTEN_PAGES,
  /** An eviction holds a claim, so nobody starts on its pages meanwhile: Eviction.tryClaim. */
  CLAIMS_WHAT_IT_EVICTS,
  /** A discard holds a claim that writes, so nobody uses its pages meanwhile: Discard.run. */
  CLAIMS_WHAT_IT_DISCARDS,
  /** The host's frames of pages that are discarded are zero before the directory says that nobody has written them: Discard.discard. */
  DROPS_DISCARDED_FRAMES,
  /**
   * Pages are copied along only where nobody else has a claim on them, and count as missing until they have arrived, so a copy that
   * fails spoils nothing: Preparation.bridge.
   */
  BRIDGES_AS_IF_MISSING
}
