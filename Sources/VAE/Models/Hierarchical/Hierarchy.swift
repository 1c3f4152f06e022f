import Datasets
import Tensors

/// The hyperparameters of a hierarchical network: K groups of latents on grids at 1/2, 1/4, 1/8 ...
/// of the picture.
public struct Hierarchy: Hashable, Sendable {
  /// Channels of the path that decodes and of the observation's encoder, one number a level from
  /// 1/2 downwards; K levels.
  public var widths: [Int]
  /// Channels of the target's encoder, which only the posterior needs.
  public var targetWidths: [Int]
  /// Latent channels of each level.
  public var latents: [Int]
  /// Residual blocks of each encoder, one number a level; the decoder has as many before and after
  /// each group of latents.
  public var blocks: [Int]
  public var activation: Configuration.ActivationFunction
  /// Whether the networks take an observation of the picture and the maps of its damage.
  public var isConditional: Bool
  /// What a conditional model is told beside the observation, in the order of its input's planes.
  public var maps: [ConditionMap]
  /// Whether a conditional model also predicts how far its best estimate is from the picture, pixel by
  /// pixel.
  public var predictsError: Bool
  /// Channels of the hidden layers that predict it, from the decoder's last state on; none in a model that
  /// predicts it from that state at once.
  public var errorWidths: [Int]

  public init(
    widths: [Int], targetWidths: [Int], latents: [Int], blocks: [Int],
    activation: Configuration.ActivationFunction, isConditional: Bool,
    maps: [ConditionMap] = ConditionMaps.all, predictsError: Bool = false, errorWidths: [Int] = []
  ) {
    self.widths = widths
    self.targetWidths = targetWidths
    self.latents = latents
    self.blocks = blocks
    self.activation = activation
    self.isConditional = isConditional
    self.maps = isConditional ? maps : []
    self.predictsError = isConditional && predictsError
    self.errorWidths = self.predictsError ? errorWidths : []
  }

  /// K, the number of groups of latents.
  public var levels: Int { widths.count }

  /// The grid of a level, from 0, for a picture.
  func grid(_ level: Int, of image: ImageShape) -> (height: Int, width: Int) {
    (image.height >> (level + 1), image.width >> (level + 1))
  }

  /// The picture's extents are multiples of this.
  public var stride: Int { 1 << levels }
}

extension Hierarchy: ModelForm {
  package static var architectures: [String] { ["hierarchical"] }
  package var granularity: Int? { stride }
  package var likelihood: Configuration.Likelihood { .gaussianShared(mean: .identity) }
  package var hasClosedDivergence: Bool { true }

  package func groups(of image: ImageShape) -> [LatentGroup] {
    (0..<levels).map { level in
      let grid = grid(level, of: image)
      return LatentGroup(
        name: "1/\(2 << level)", shape: [latents[level], grid.height, grid.width], level: level)
    }
  }

  package func model(of image: ImageShape) -> any VariationalAutoencoder {
    HierarchicalModel(self, channels: image.channels)
  }

  package func problem(of estimator: Estimator) -> TrainingProblem? {
    estimator == .sgvbB ? nil : .estimatorOfHierarchy(estimator)
  }

  package func problem(of training: TrainingConfiguration) -> TrainingProblem? {
    if training.latentGroups != nil { return .groupsOfHierarchy }
    return training.denoising != nil && isConditional ? .denoisingOfConditional : nil
  }

  package func problem(of image: ImageShape) -> String? {
    guard (1...6).contains(levels) && widths.allSatisfy({ (1...4096).contains($0) }) else {
      return "expected 1 to 6 widths of 1 to 4096 channels, found \(widths)"
    }
    guard targetWidths.count == levels && targetWidths.allSatisfy({ (1...4096).contains($0) })
    else { return "expected \(levels) target widths of 1 to 4096 channels, found \(targetWidths)" }
    guard latents.count == levels && latents.allSatisfy({ (1...256).contains($0) }) else {
      return "expected \(levels) groups of 1 to 256 latent channels, found \(latents)"
    }
    guard blocks.count == levels && blocks.allSatisfy({ (0...16).contains($0) }) else {
      return "expected \(levels) numbers of 0 to 16 blocks, found \(blocks)"
    }
    guard errorWidths.count <= 4 && errorWidths.allSatisfy({ (1...4096).contains($0) }) else {
      return "expected at most 4 error widths of 1 to 4096 channels, found \(errorWidths)"
    }
    for map in maps where ConditionMaps.plane(named: map.name) == nil {
      let names = ConditionMaps.all.map(\.name).joined(separator: ", ")
      return "expected maps of \(names), found '\(map.name)'; a newer version may know it"
    }
    guard maps.isEmpty != isConditional && Set(maps.map(\.name)).count == maps.count else {
      return "expected maps of different names, found \(maps.map(\.name))"
    }
    guard activation != .gated else { return Configuration.ActivationFunction.gatedProblem }
    guard image.height % stride == 0 && image.width % stride == 0 else {
      return "expected extents that are multiples of \(stride), found \(image)"
    }
    return nil
  }
}
