import Checkpoints
import Tensors

/// The form of a model: every hyperparameter that its file has beside the extents of the pictures it was
/// trained on, and what follows from them alone. A new kind of model is a form that conforms, what it is
/// as a function of graphs (`VariationalAutoencoder`), and a line in `Configuration.forms`.
package protocol ModelForm: Hashable, Sendable {
  /// The names by which files tell what reads them.
  static var architectures: [String] { get }
  /// - Parameters:
  ///   - json: the whole configuration.
  ///   - network: the part that describes the networks.
  init(json: JSONValue, network: JSONValue, image: ImageShape) throws
  /// As in the model file's `network`.
  var networkJSON: JSONValue { get }

  /// The families of the pixels and of the latents, or of each group of them.
  var likelihood: Configuration.Likelihood { get }
  var posterior: Configuration.Posterior { get }
  var prior: Configuration.Prior { get }

  /// Extents are multiples of this where pictures of any size are taken; nil for those of one size.
  var granularity: Int? { get }
  /// Whether the model takes an observation of the picture.
  var isConditional: Bool { get }
  /// The groups of a picture's latents, from the finest grid to the coarsest.
  ///
  /// - Parameter image: of extents that are multiples of the stride.
  func groups(of image: ImageShape) -> [LatentGroup]
  /// Whether KL(q(z|x) || p(z)) has a closed form, of groups given the draws above.
  var hasClosedDivergence: Bool { get }

  /// Why this is no model, in lower case with the remedy; nil where all is well.
  func problem(of image: ImageShape) -> String?
  /// Why it cannot be trained by an estimator, or so; nil where all is well.
  func problem(of estimator: Estimator) -> TrainingProblem?
  func problem(of training: TrainingConfiguration) -> TrainingProblem?

  /// - Parameter image: the pictures that a model of one size takes.
  func model(of image: ImageShape) -> any VariationalAutoencoder
}

/// A group of latents, all drawn at once given the groups before.
public struct LatentGroup: Hashable, Sendable {
  /// One of its own among the groups of a model.
  public let name: String
  /// `[c, h, w]`, or `[D]` of a flat model.
  public let shape: Shape
  /// From 0, the finest: groups on one grid have one level.
  public let level: Int

  package init(name: String, shape: Shape, level: Int) {
    (self.name, self.shape, self.level) = (name, shape, level)
  }
}

extension ModelForm {
  package var posterior: Configuration.Posterior { .diagonal }
  package var prior: Configuration.Prior { .standardNormal }
  package var isConditional: Bool { false }
}

extension Configuration {
  /// Every kind of model.
  static let forms: [any ModelForm.Type] = [FlatForm.self, DeepForm.self, Hierarchy.self]

  public static func == (a: Self, b: Self) -> Bool {
    a.image == b.image && AnyHashable(a.form) == AnyHashable(b.form)
  }
  public func hash(into hasher: inout Hasher) {
    hasher.combine(image)
    form.hash(into: &hasher)
  }

  /// The number of latents D of a picture that the model was trained on.
  public var latents: Int { latents(of: image) }
  public var likelihood: Likelihood { form.likelihood }
  public var posterior: Posterior { form.posterior }
  public var prior: Prior { form.prior }
  /// Whether the model takes an observation of the picture.
  public var isConditional: Bool { form.isConditional }
  /// Whether the model takes pictures of any size.
  public var takesAnySize: Bool { form.granularity != nil }
  /// Whether KL(q(z|x) || p(z)) has a closed form, of groups given the draws above.
  public var hasClosedDivergence: Bool { form.hasClosedDivergence }

  /// What a hierarchical model is; nil for others.
  public var hierarchy: Hierarchy? { form as? Hierarchy }
  /// What a deep model is; nil for others.
  public var deep: DeepForm? { form as? DeepForm }
  /// What a flat model is; nil for others, which it cannot be put into.
  public var flat: FlatForm? {
    get { form as? FlatForm }
    set {
      guard let newValue, form is FlatForm else { return }
      form = newValue
    }
  }

  /// The smallest extents that hold a picture and that the networks take: rounded up to multiples of the
  /// stride. nil where the model takes one size only and this is another.
  public func enclosing(width: Int, height: Int) -> ImageShape? {
    if width == image.width && height == image.height { return image }
    guard let stride = form.granularity, width > 0, height > 0 else { return nil }
    func rounded(_ extent: Int) -> Int { (extent + stride - 1) / stride * stride }
    return ImageShape(
      channels: image.channels, height: rounded(height), width: rounded(width))
  }

  /// - Parameter image: of extents as `enclosing` gives them.
  public func latents(of image: ImageShape) -> Int {
    groupSizes(of: image).reduce(0, +)
  }

  /// The latents of a picture of any extents; nil where the model does not take it.
  func latents(ofPicture picture: ImageShape) -> Int? {
    enclosing(width: picture.width, height: picture.height).map { latents(of: $0) }
  }

  /// How many of the latents belong to each group, from the finest grid to the coarsest; one number for
  /// a flat model.
  public func groupSizes(of image: ImageShape) -> [Int] { groups(of: image).map(\.shape.count) }

  /// The groups of a picture's latents, from the finest grid to the coarsest: one of a flat model.
  ///
  /// - Parameter image: of extents as `enclosing` gives them.
  public func groups(of image: ImageShape) -> [LatentGroup] { form.groups(of: image) }

  /// How many grids the groups of latents stand on; 1 of a flat model.
  public var levels: Int { (form.groups(of: image).map(\.level).max() ?? 0) + 1 }

  /// The pictures that have this many latents, where that settles their extents: those the model
  /// was trained on, or square ones whose side is a multiple of the stride.
  public func image(latents count: Int) -> ImageShape? {
    if count == latents { return image }
    guard let stride = form.granularity, count > 0 else { return nil }
    func square(_ cells: Int) -> ImageShape {
      ImageShape(channels: image.channels, height: cells * stride, width: cells * stride)
    }
    let cellLatents = latents(of: square(1))
    let side = Int(Double(count / cellLatents).squareRoot().rounded())
    return side > 0 && side * side * cellLatents == count ? square(side) : nil
  }
}
