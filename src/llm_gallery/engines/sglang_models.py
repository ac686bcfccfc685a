"""The models that SGLang has a class for, and those that it pools or graphs otherwise; read from its code."""

from __future__ import annotations

from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.engines.subject import Subject

VERSION = "0.5.23"
CLASSES = frozenset((
    "AfmoeForCausalLM", "ApertusForCausalLM", "ArceeForCausalLM", "BaichuanForCausalLM",
    "BailingMM2NativeForConditionalGeneration", "BailingMMNativeForConditionalGeneration",
    "BailingMoEForCausalLM", "BailingMoeForCausalLM", "BailingMoeV2ForCausalLM", "BailingMoeV2_5ForCausalLM",
    "BailingMoeV3ForCausalLM", "BailingMoeV3VLForConditionalGeneration", "BeamForCausalLM", "ChatGLMModel",
    "Cohere2ForCausalLM", "Cohere2MoeForCausalLM", "Cohere2VisionForConditionalGeneration",
    "CohereForCausalLM", "Contriever", "Cosmos3EdgeForConditionalGeneration",
    "Cosmos3ForConditionalGeneration", "DbrxForCausalLM", "DeciLMForCausalLM", "DeepseekForCausalLM",
    "DeepseekV2ForCausalLM", "DeepseekV32ForCausalLM", "DeepseekV3ForCausalLM", "DeepseekV4ForCausalLM",
    "DeepseekVL2ForCausalLM", "DiffusionGemmaForBlockDiffusion", "Dots3NoteForCausalLM", "DotsVLMForCausalLM",
    "Ernie4_5_ForCausalLM", "Ernie4_5_MoeForCausalLM", "Ernie4_5_VLMoeForConditionalGeneration",
    "Exaone4ForCausalLM", "ExaoneForCausalLM", "ExaoneMoEForCausalLM", "ExaoneMoeForCausalLM",
    "FalconH1ForCausalLM", "FalconMambaForCausalLM", "GPT2LMHeadModel", "GPTBigCodeForCausalLM",
    "GPTJForCausalLM", "Gemma2ForCausalLM", "Gemma3ForCausalLM", "Gemma3ForConditionalGeneration",
    "Gemma3nForCausalLM", "Gemma3nForConditionalGeneration", "Gemma4AssistantForCausalLM",
    "Gemma4ForCausalLM", "Gemma4ForConditionalGeneration", "Gemma4UnifiedAssistantForCausalLM",
    "Gemma4UnifiedForConditionalGeneration", "GemmaForCausalLM", "GigaChat35ForCausalLM", "Glm4ForCausalLM",
    "Glm4MoeForCausalLM", "Glm4MoeLiteForCausalLM", "Glm4vForConditionalGeneration",
    "Glm4vMoeForConditionalGeneration", "Glm5NextForConditionalGeneration", "GlmAsrForConditionalGeneration",
    "GlmImageForConditionalGeneration", "GlmMoeDsaForCausalLM", "GptOssForCausalLM", "GraniteForCausalLM",
    "GraniteMoeForCausalLM", "GraniteMoeHybridForCausalLM", "GraniteMoeSWAForCausalLM",
    "GraniteMoeSharedForCausalLM", "GraniteSWAForCausalLM", "Grok1ForCausalLM", "Grok1ModelForCausalLM",
    "HYV3ForCausalLM", "HYV4ForCausalLM", "HrmTextForCausalLM", "HunYuanDenseV1ForCausalLM",
    "HunYuanMoEV1ForCausalLM", "IQuestCoderForCausalLM", "IQuestLoopCoderForCausalLM", "IQuestQ1ForCausalLM",
    "InklingForConditionalGeneration", "InternLM2ForCausalLM", "InternLM3ForCausalLM",
    "InternS1ForConditionalGeneration", "InternS1ProForConditionalGeneration",
    "InternS2MobiusForConditionalGeneration", "InternS2PreviewForConditionalGeneration", "InternVLChatModel",
    "JetNemotronForCausalLM", "JetVLMForConditionalGeneration", "K2HorizonForCausalLM",
    "KimiK25ForConditionalGeneration", "KimiK3ForConditionalGeneration", "KimiK3LinearForCausalLM",
    "KimiLinearForCausalLM", "KimiVLForConditionalGeneration", "LLaDA2MoeModelLM", "LagunaForCausalLM",
    "Lfm2BidirectionalModel", "Lfm2ForCausalLM", "Lfm2MoeForCausalLM", "Lfm2VlForConditionalGeneration",
    "Llama4ForCausalLM", "Llama4ForConditionalGeneration", "LlamaForCausalLM",
    "LlavaForConditionalGeneration", "LlavaLlamaForCausalLM", "LlavaMistralForCausalLM",
    "LlavaQwenForCausalLM", "LlavaVidForCausalLM", "LocateAnythingForConditionalGeneration",
    "LongcatFlashForCausalLM", "Mamba2ForCausalLM", "MambaForCausalLM", "MellumForCausalLM",
    "MiDashengLMModel", "MiMoForCausalLM", "MiMoV2FlashForCausalLM", "MiMoV2ForCausalLM",
    "MiniCPM3ForCausalLM", "MiniCPMForCausalLM", "MiniCPMO", "MiniCPMSALAForCausalLM", "MiniCPMV",
    "MiniCPMV4_6ForConditionalGeneration", "MiniCPMV4_7ForConditionalGeneration", "MiniMaxM2ForCausalLM",
    "MiniMaxM3SparseForCausalLM", "MiniMaxM3SparseForConditionalGeneration", "Ministral3ForCausalLM",
    "Mistral3ForConditionalGeneration", "MistralForCausalLM", "MistralLarge3ForCausalLM",
    "MixtralForCausalLM", "MllamaForConditionalGeneration", "MossVLForConditionalGeneration",
    "MultiModalityCausalLM", "MuseGlimmerAssistantModel", "MuseGlimmerForCausalLM",
    "MuseGlimmerForConditionalGeneration", "MuseSparkForConditionalGeneration",
    "NVILAForConditionalGeneration", "NVILALiteForConditionalGeneration", "NanbeigeForCausalLM",
    "NemotronHForCausalLM", "NemotronHPuzzleForCausalLM", "NemotronH_Nano_Omni_Reasoning_V3",
    "NemotronH_Nano_VL_V2", "NemotronH_Omni_Reasoning_V3", "OPTForCausalLM", "Olmo2ForCausalLM",
    "OlmoForCausalLM", "OlmoeForCausalLM", "OrionForCausalLM", "POINTSV15ChatModel", "PersimmonForCausalLM",
    "Phi3ForCausalLM", "Phi3SmallForCausalLM", "Phi4MMForCausalLM", "PhiForCausalLM", "PhiMoEForCausalLM",
    "PixtralForConditionalGeneration", "PixtralVisionModel", "QWenLMHeadModel", "QuantMixtralForCausalLM",
    "Qwen2ForCausalLM", "Qwen2MoeForCausalLM", "Qwen2VLForConditionalGeneration",
    "Qwen2_5_VLForConditionalGeneration", "Qwen3ForCausalLM", "Qwen3Model", "Qwen3MoeForCausalLM",
    "Qwen3NextForCausalLM", "Qwen3OmniMoeForConditionalGeneration", "Qwen3VLForConditionalGeneration",
    "Qwen3VLMoeForConditionalGeneration", "Qwen3_5ForCausalLM", "Qwen3_5ForConditionalGeneration",
    "Qwen3_5MoeForCausalLM", "Qwen3_5MoeForConditionalGeneration", "Qwen4ExpForConditionalGeneration",
    "SDARForCausalLM", "SDARMoeForCausalLM", "Sarashina2VisionForCausalLM", "SarvamMLAForCausalLM",
    "SarvamMoEForCausalLM", "SolarForCausalLM", "Spark2_5ForCausalLM", "StableLmForCausalLM",
    "Starcoder2ForCausalLM", "Step3VLForConditionalGeneration", "Step3p5ForCausalLM",
    "Step3p7ForConditionalGeneration", "StepVLForConditionalGeneration", "TeleFLMForCausalLM",
    "VoxtralForConditionalGeneration", "XllmForCausalLM", "XverseForCausalLM", "XverseMoeForCausalLM",
    "YiVLForCausalLM", "ZayaForCausalLM",
))  # fmt: skip
"""Its classes of models, by the name that a config's `architectures` says; no drafts, encoders or classifiers."""
LATENT = frozenset((
    "BailingMoeV2_5ForCausalLM", "BailingMoeV3ForCausalLM", "BailingMoeV3VLForConditionalGeneration",
    "DeepseekV2ForCausalLM", "DeepseekV32ForCausalLM", "DeepseekV3ForCausalLM", "DeepseekVL2ForCausalLM",
    "Dots3NoteForCausalLM", "DotsVLMForCausalLM", "GigaChat35ForCausalLM", "Glm4MoeLiteForCausalLM",
    "Glm5NextForConditionalGeneration", "GlmMoeDsaForCausalLM", "HYV4ForCausalLM",
    "KimiK25ForConditionalGeneration", "KimiK3LinearForCausalLM", "KimiVLForConditionalGeneration",
    "LongcatFlashForCausalLM", "MiniCPM3ForCausalLM", "MistralLarge3ForCausalLM",
    "SarvamMLAForCausalLM",
))  # fmt: skip
"""Those that keep latents."""
TWICE = {"LongcatFlashForCausalLM": 2}
"""Those that attend more than once in a layer."""
WINDOWED = frozenset((
    "BeamForCausalLM", "DeepseekV4ForCausalLM", "DiffusionGemmaForBlockDiffusion", "Dots3NoteForCausalLM",
    "Gemma4ForCausalLM", "Gemma4ForConditionalGeneration", "Gemma4UnifiedForConditionalGeneration",
    "GptOssForCausalLM", "GraniteMoeSWAForCausalLM", "GraniteSWAForCausalLM", "IQuestQ1ForCausalLM",
    "InklingForConditionalGeneration", "LagunaForCausalLM", "Llama4ForConditionalGeneration",
    "MellumForCausalLM", "MiMoV2FlashForCausalLM", "MiMoV2ForCausalLM", "MuseGlimmerForCausalLM",
    "MuseGlimmerForConditionalGeneration", "MuseSparkForConditionalGeneration", "Spark2_5ForCausalLM",
    "Step3p5ForCausalLM", "Step3p7ForConditionalGeneration",
))  # fmt: skip
"""Those whose windows have a pool of their own; others keep every token."""
SEEING = frozenset((
    "BailingMM2NativeForConditionalGeneration", "BailingMMNativeForConditionalGeneration",
    "BailingMoeV3VLForConditionalGeneration", "Cohere2VisionForConditionalGeneration",
    "Cosmos3EdgeForConditionalGeneration", "DeepseekVL2ForCausalLM", "DiffusionGemmaForBlockDiffusion",
    "Dots3NoteForCausalLM", "DotsVLMForCausalLM", "Ernie4_5_VLMoeForConditionalGeneration",
    "Gemma3nForConditionalGeneration", "Gemma4ForConditionalGeneration",
    "Gemma4UnifiedForConditionalGeneration", "Glm4vForConditionalGeneration",
    "Glm4vMoeForConditionalGeneration", "Glm5NextForConditionalGeneration", "GlmAsrForConditionalGeneration",
    "GlmImageForConditionalGeneration", "InternS1ForConditionalGeneration",
    "InternS1ProForConditionalGeneration", "InternS2MobiusForConditionalGeneration",
    "InternS2PreviewForConditionalGeneration", "InternVLChatModel", "JetVLMForConditionalGeneration",
    "KimiK25ForConditionalGeneration", "KimiVLForConditionalGeneration", "Lfm2VlForConditionalGeneration",
    "LlavaForConditionalGeneration", "LlavaLlamaForCausalLM", "LlavaMistralForCausalLM",
    "LlavaQwenForCausalLM", "LlavaVidForCausalLM", "LocateAnythingForConditionalGeneration",
    "MiDashengLMModel", "MiniCPMO", "MiniCPMV", "MiniMaxM3SparseForConditionalGeneration",
    "Mistral3ForConditionalGeneration", "MllamaForConditionalGeneration", "MossVLForConditionalGeneration",
    "MultiModalityCausalLM", "MuseGlimmerForConditionalGeneration", "MuseSparkForConditionalGeneration",
    "NVILAForConditionalGeneration", "NVILALiteForConditionalGeneration", "NemotronH_Nano_Omni_Reasoning_V3",
    "NemotronH_Nano_VL_V2", "NemotronH_Omni_Reasoning_V3", "POINTSV15ChatModel", "Phi4MMForCausalLM",
    "PixtralForConditionalGeneration", "Qwen2VLForConditionalGeneration",
    "Qwen2_5_VLForConditionalGeneration", "Qwen3OmniMoeForConditionalGeneration",
    "Qwen3VLForConditionalGeneration", "Qwen3VLMoeForConditionalGeneration",
    "Qwen3_5ForConditionalGeneration", "Qwen3_5MoeForConditionalGeneration",
    "Qwen4ExpForConditionalGeneration", "Sarashina2VisionForCausalLM", "Step3p7ForConditionalGeneration",
    "StepVLForConditionalGeneration", "VoxtralForConditionalGeneration",
))  # fmt: skip
"""Those that it loads with their towers, if nobody says otherwise."""
GRAPHED = frozenset((
    "Cohere2VisionForConditionalGeneration", "Glm5NextForConditionalGeneration",
    "InternS2MobiusForConditionalGeneration", "KimiK25ForConditionalGeneration",
    "MiniMaxM3SparseForConditionalGeneration", "MuseGlimmerForConditionalGeneration",
    "MuseSparkForConditionalGeneration", "Qwen3_5ForConditionalGeneration",
    "Qwen3_5MoeForConditionalGeneration", "Qwen4ExpForConditionalGeneration",
))  # fmt: skip
"""Those of them whose prompts it captures in graphs, too."""


def class_of(subject: Subject) -> str:
    """The class that runs a model. Raises Refusal where there is none."""
    stated = subject.config.get("architectures")
    found = stated[0] if isinstance(stated, list) and stated else None
    if isinstance(found, str) and found in CLASSES:
        return found
    raise Refusal(
        f"{printable(subject.name)} is of class {quoted(found)}, expected one that SGLang {VERSION} has; "
        "use --with vllm or --with ideal"
    )
