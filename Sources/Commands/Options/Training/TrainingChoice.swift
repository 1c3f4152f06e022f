import Datasets
import Files
import Graphs
import VAE

/// What was chosen for a run where nobody said, and why, each with the option that changes it.
struct TrainingChoice {
  let recipe: TrainingRecipe
  /// What is told, a line a choice.
  let lines: [String]
}

extension Train {
  /// Fills in the options that nobody gave, from a look at the pictures: all that a run depends on without a
  /// preset and with `deep`, the size of mixed pictures with the others.
  ///
  /// - Returns: nil where nothing was chosen.
  mutating func choose() throws -> TrainingChoice? {
    if let count = threads.count { Threads.set(count) }
    if network.preset == nil, let implied = try impliedPreset {
      network.preset = implied
      try network.check(implied)
      if implied == .deep || implied == .photograph, let option = bound.firstGiven {
        throw Failure(.usage, Self.refusal(of: option, for: implied))
      }
    }
    if resume, network.preset == nil || network.preset == .deep, Paths.exists(checkpoint),
      let recipe = try TrainingRecipe(checkpoint: checkpoint)
    {
      fill(from: recipe)
      try network.check(recipe.preset)
      return TrainingChoice(recipe: recipe, lines: [])
    }
    let choosesAll = network.preset == nil || network.preset == .deep
    guard choosesAll || network.preset != .photograph && data.size == nil && data.crop == nil else {
      return nil
    }
    let survey = try PictureSurvey(images, options: data.options.dataset)
    let recipe = TrainingRecipe(survey, wishes)
    guard choosesAll else {
      guard !survey.isOfOneSize, let size = recipe.size else { return nil }
      data.size = Extents(width: size.width, height: size.height)
      let line = RecipeReport(recipe, survey, wishes, threads: Threads.count).sizeLine
      return TrainingChoice(recipe: recipe, lines: ["\(survey.words); chosen:", line])
    }
    let report = RecipeReport(recipe, survey, wishes, threads: Threads.count)
    let choice = TrainingChoice(recipe: recipe, lines: report.lines(for: self))
    fill(from: recipe)
    try network.check(recipe.preset)
    return choice
  }

  /// The preset that other options ask for; nil where none does.
  private var impliedPreset: Configuration.Preset? {
    get throws {
      if let startFrom { return try Model(path: startFrom).configuration.preset }
      if data.damage != nil { return .photograph }
      if network.groups != nil { return .deep }
      let isFlat =
        network.hidden != nil || bound.firstGiven != nil || objective.latentGroups != nil
        || network.activation == .gated
      return isFlat ? .aevb : nil
    }
  }

  /// Why an option of flat models does not go with a preset.
  static func refusal(of option: String, for preset: Configuration.Preset) -> String {
    "\(option) is for flat models; a hierarchical one as of --preset \(preset.rawValue) has posteriors "
      + "and priors that its decoder makes, and estimator B"
  }

  private var wishes: TrainingRecipe.Wishes {
    var wishes = TrainingRecipe.Wishes()
    wishes.preset = network.preset
    wishes.size = (data.size ?? data.crop).map {
      PictureSurvey.Extents(width: $0.width, height: $0.height)
    }
    wishes.channels = data.gray ? 1 : data.color ? 3 : nil
    wishes.isBinarized = data.binarize || data.binarizeOnce || data.threshold != nil
    wishes.seconds = optimization.time?.seconds
    wishes.threads = Threads.count
    return wishes
  }

  private mutating func fill(from recipe: TrainingRecipe) {
    network.preset = recipe.preset
    if data.crop == nil && data.size == nil {
      data.size = recipe.size.map { Extents(width: $0.width, height: $0.height) }
    }
    if !data.gray && !data.color {
      data.gray = recipe.channels == 1
      data.color = recipe.channels == 3
    }
    if network.likelihood == nil && recipe.preset == .deep { network.take(recipe.likelihood) }
    if recipe.flips && data.flip == nil && !data.symmetries { data.flip = true }
    if optimization.batchSize == nil { optimization.batchSize = recipe.batchSize }
    // A run of so many epochs or steps goes to its end.
    if !optimization.hasLimit || optimization.time != nil, data.validationShare != 0 {
      optimization.patience = optimization.patience ?? recipe.patience
    }
    if !optimization.hasLimit { optimization.time = TimeSpan(seconds: recipe.seconds) }
  }
}
