import CKernels
import Platform

/// Zeros aligned to 64 bytes, freed with the last reference. Pages of a large block that are never
/// touched take up no memory.
package final class AlignedMemory {
  let elements: UnsafeMutablePointer<Float>
  package let count: Int

  package init(count: Int) {
    guard let elements = latent_allocate(max(count, 1)) else {
      // As everywhere in Swift's own containers.
      preconditionFailure("no memory for \(count) numbers")
    }
    self.elements = elements
    self.count = count
  }

  deinit { latent_free(elements) }

  /// A part, valid as long as the memory.
  ///
  /// - Precondition: it lies within the memory.
  package func buffer(_ start: Int, _ length: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(start >= 0 && length >= 0 && start + length <= count)
    return UnsafeMutableBufferPointer(start: elements + start, count: length)
  }
}

/// Memory for what plans compute on their way, lent to several plans of which one runs at a time.
package final class PlanMemory {
  private var memory: AlignedMemory?

  /// The elements that there are for plans compiled from now on.
  package var count: Int { memory?.count ?? 0 }

  package init() {}

  /// At least `count` elements, with whatever the last user left in them. Plans that hold smaller
  /// memory keep it.
  ///
  /// - Throws: `MemoryError` where there is not so much.
  func lend(_ count: Int) throws -> AlignedMemory {
    if let memory, memory.count >= count { return memory }
    // The old one goes first, unless a plan holds it.
    memory = nil
    try Memory.require(count, elements: 4, for: Plan.purpose)
    let larger = AlignedMemory(count: count)
    memory = larger
    return larger
  }
}
