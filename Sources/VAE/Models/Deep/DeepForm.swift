import Graphs
import Tensors

/// The hyperparameters of a deep model: groups of latents, several a grid, from a 1x1 top down to a grid
/// at 1/2 of the picture, drawn one after another (Sønderby et al. 2016; Kingma et al. 2016; Vahdat and
/// Kautz 2020; Child 2021). Pictures of one size, any likelihood; the posteriors are diagonal Gaussians
/// relative to the priors that the decoder makes.
///
/// The grids are at 1/2, 1/4, 1/8 ... of the picture, as many as there are widths but one; the last
/// width is that of the 1x1 top. A picture whose extents are no multiples is padded to them.
public struct DeepForm: Hashable, Sendable {
  /// Channels on each grid, in encoder and decoder alike, from 1/2 to the 1x1 top.
  public var widths: [Int]
  /// Latent channels of every group of a grid.
  public var latents: [Int]
  /// Groups of latents on each grid.
  public var groups: [Int]
  /// Residual blocks before every group, and as many for it in the encoder.
  public var blocks: Int
  public var activation: Configuration.ActivationFunction
  public var likelihood: Configuration.Likelihood

  public init(
    widths: [Int], latents: [Int], groups: [Int], blocks: Int,
    activation: Configuration.ActivationFunction, likelihood: Configuration.Likelihood
  ) {
    self.widths = widths
    self.latents = latents
    self.groups = groups
    self.blocks = blocks
    self.activation = activation
    self.likelihood = likelihood
  }

  /// The grids above which there is the 1x1 top.
  var halvings: Int { widths.count - 1 }

  /// The extents that a picture is padded to: multiples of the stride of the coarsest grid.
  func padded(_ image: ImageShape) -> ImageShape {
    let stride = 1 << halvings
    func rounded(_ extent: Int) -> Int { (extent + stride - 1) / stride * stride }
    return ImageShape(
      channels: image.channels, height: rounded(image.height), width: rounded(image.width))
  }

  /// The cells of a grid, from 0 at 1/2; the last is the top.
  func grid(_ level: Int, of image: ImageShape) -> (height: Int, width: Int) {
    guard level < halvings else { return (1, 1) }
    let padded = padded(image)
    return (padded.height >> (level + 1), padded.width >> (level + 1))
  }
}

extension DeepForm {
  /// What `--preset deep` starts from: grids are halved until one has at most 49 cells (28x28: 14x14, 7x7,
  /// 1x1; 64x64: 32x32 ... 4x4, 1x1). The coarser they are, the wider they are and the more groups they have:
  /// there work costs little, and says most.
  public init(for image: ImageShape) {
    func cells(_ halvings: Int) -> Int {
      func part(_ extent: Int) -> Int { (extent + (1 << halvings) - 1) >> halvings }
      return part(image.height) * part(image.width)
    }
    let halvings = (1...7).first { cells($0) <= 49 } ?? 7
    var widths = [cells(1) <= 256 ? 40 : cells(1) <= 1024 ? 24 : 16]
    while widths.count < halvings {
      widths.append(min(64, (widths[widths.count - 1] * 3 / 2 + 7) / 8 * 8))
    }
    let groups = (0..<halvings).map { level in
      level == halvings - 1 ? (halvings <= 2 ? 4 : 3) : cells(level + 1) > 256 || level == 0 ? 1 : 2
    }
    self.init(
      widths: widths + [96], latents: [4] + [Int](repeating: 8, count: halvings - 1) + [32],
      groups: groups + [1], blocks: 1, activation: .silu, likelihood: .bernoulli)
  }
}

extension DeepForm: ModelForm {
  package static var architectures: [String] { ["deep"] }
  package var granularity: Int? { nil }
  package var hasClosedDivergence: Bool { true }

  package func groups(of image: ImageShape) -> [LatentGroup] {
    widths.indices.flatMap { level in
      let grid = grid(level, of: image)
      // Numbered as they are drawn.
      return (1...max(1, groups[level])).reversed().map { number in
        LatentGroup(
          name: "\(grid.width)x\(grid.height).\(number)",
          shape: [latents[level], grid.height, grid.width], level: level)
      }
    }
  }

  package func model(of image: ImageShape) -> any VariationalAutoencoder {
    DeepModel(self, image)
  }

  package func problem(of estimator: Estimator) -> TrainingProblem? {
    estimator == .sgvbB ? nil : .estimatorOfHierarchy(estimator)
  }

  package func problem(of training: TrainingConfiguration) -> TrainingProblem? {
    training.latentGroups == nil ? nil : .groupsOfHierarchy
  }

  package func problem(of image: ImageShape) -> String? {
    let count = widths.count
    guard (2...10).contains(count) && widths.allSatisfy({ (1...4096).contains($0) }) else {
      return
        "expected 2 to 10 widths of 1 to 4096 channels, the last of the 1x1 top, found \(widths)"
    }
    guard latents.count == count && latents.allSatisfy({ (1...256).contains($0) }) else {
      return "expected \(count) numbers of 1 to 256 latent channels, found \(latents)"
    }
    guard groups.count == count && groups.allSatisfy({ (1...64).contains($0) }) else {
      return "expected \(count) numbers of 1 to 64 groups, found \(groups)"
    }
    guard (0...16).contains(blocks) else { return "expected 0 to 16 blocks, found \(blocks)" }
    guard activation != .gated else { return Configuration.ActivationFunction.gatedProblem }
    guard image.height <= 512 && image.width <= 512 else {
      return "expected pictures of at most 512 pixels a side for a deep model, found \(image); "
        + "bring them to a smaller size"
    }
    let coarsest = grid(halvings - 1, of: image)
    guard coarsest.height * coarsest.width <= 256 else {
      return "expected at most 256 cells on the grid under the 1x1 top, found "
        + "\(coarsest.width)x\(coarsest.height); give more widths"
    }
    return likelihood.family.problem
  }
}
