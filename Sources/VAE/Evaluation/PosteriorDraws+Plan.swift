import Graphs
import Tensors

/// Draws for pictures whose extents are no multiples of the stride: the posterior sees them
/// extended, the likelihood counts their own pixels only.
extension VariationalAutoencoder {
  /// Draws for the input `x`, `[N, C, H, W]` of the network's own extents, and the inputs that
  /// `Plan.fillNoise` fills.
  ///
  /// - Parameter image: the pictures' extents, not larger than the network's own.
  func draws(
    _ graph: Graph, _ image: ImageShape, batchSize: Int, samples: Int
  ) -> PosteriorDraws {
    draws(
      graph.input("x", configuration.image.batch(batchSize)),
      noise: LatentNoise(graph, rows: batchSize * samples, posteriorNoise),
      samples: samples
    ).cropped(height: image.height, width: image.width)
  }
}

extension Model {
  /// The network for the smallest pictures that hold one of these extents.
  ///
  /// - Precondition: the model takes pictures of this size.
  func network(for image: ImageShape) -> VariationalAutoencoder {
    guard let enclosing = configuration.enclosing(width: image.width, height: image.height) else {
      preconditionFailure("expected \(configuration.image), found \(image)")
    }
    return VariationalAutoencoder(enclosing)
  }

  /// The network for one picture, `[C, H, W]`.
  func network(for picture: Tensor) -> VariationalAutoencoder {
    network(
      for: ImageShape(
        channels: picture.shape[0], height: picture.shape[1], width: picture.shape[2]))
  }
}

extension Plan {
  /// log P(x|z) of 8-bit levels by the `levelParameters` of a likelihood among the outputs.
  ///
  /// - Parameters:
  ///   - picture: the samples of a picture.
  ///   - row: the draw.
  ///   - first: from which output on the parameters are.
  func levelLogProbability(
    _ picture: UnsafeBufferPointer<Float>, row: Int, from first: Int,
    _ likelihood: Configuration.Likelihood
  ) -> Double {
    likelihood.family.levelLogProbability(
      picture,
      (first..<outputCount).map { position in
        let numbers = outputBuffer(position)
        return numbers.count == 1
          ? numbers
          : UnsafeBufferPointer(rebasing: numbers[row * picture.count..<(row + 1) * picture.count])
      })
  }

  /// Fills an input with one picture, `[C, H, W]`, extended to the input's extents.
  func fill(_ name: String, withPicture picture: Tensor, image: ImageShape) {
    fill(
      name,
      with: picture.extendedByRepetition(toHeight: image.height, width: image.width)
        .reshaped(to: image.batch(1)))
  }
}
