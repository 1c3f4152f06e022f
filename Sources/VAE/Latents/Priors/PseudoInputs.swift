import Tensors

/// Where VampPrior's pseudo-inputs begin.
extension Model {
  /// K of VampPrior; 0 under another prior.
  package var pseudoInputCount: Int {
    (configuration.prior.family as? VampPriorFamily)?.pseudoInputs ?? 0
  }

  /// Lets the pseudo-inputs begin as pictures of the data, so that the prior begins as posteriors of
  /// the data; noise is one picture to the encoder.
  ///
  /// - Parameter pictures: `[C, H, W]` each, in [0, 1]; where there are fewer than pseudo-inputs the
  ///   others stay noise, where there are more they are left.
  package func startPseudoInputs(from pictures: [Tensor]) {
    guard let slot = parameters.slot(VampPrior.name) else { return }
    let area = configuration.image.count
    for (index, picture) in pictures.prefix(slot.shape[0]).enumerated() {
      precondition(picture.elements.count == area, "pictures of the model's shape")
      let start = parameters.values + slot.offset + index * area
      for (place, sample) in picture.elements.enumerated() {
        start[place] = VampPrior.parameter(of: sample)
      }
    }
  }
}
